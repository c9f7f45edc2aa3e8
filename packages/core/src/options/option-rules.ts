import { type InsecureHosts, isHostName, isTrustworthyUrl } from '../http/trustworthy-url.ts'
import { isPartyName } from '../text/party-name.ts'
import { isObject, type OptionRule, type OptionRules } from './option-faults.ts'

const isName = (value: unknown): boolean => typeof value === 'string' && isPartyName(value)

/** A function. */
export const aFunction: OptionRule = {
  expected: 'a function',
  holds: (value) => typeof value === 'function',
}

/** A boolean. */
export const aBoolean: OptionRule = {
  expected: 'true or false',
  holds: (value) => typeof value === 'boolean',
}

/** A whole number from `min` on, up to `max` when it is given. */
export const aWholeNumber = (min: number, max?: number): OptionRule => ({
  expected: max === undefined ? `a whole number, ${min} or more` : `a whole number from ${min} to ${max}`,
  holds: (value) =>
    Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= (max ?? Number.MAX_SAFE_INTEGER),
})

/** The longest time that timers can wait; they take more for none at all. */
export const longestTimeoutMs = 2_147_483_647

/** One of a few words. */
export const oneOf = (...words: readonly string[]): OptionRule => ({
  expected: words.map((word) => `'${word}'`).join(' or '),
  holds: (value) => words.some((word) => word === value),
})

/** A list that is not empty. */
export const aListOf = (what: string, holds: (item: unknown) => boolean): OptionRule => ({
  expected: `a list of ${what}, at least one`,
  holds: (value) => Array.isArray(value) && value.length > 0 && value.every((item) => holds(item)),
})

/** An object whose members have rules of their own. */
export const anObject = (members: OptionRules): OptionRule => ({
  expected: 'an object',
  holds: isObject,
  members,
})

/** What a rule says, or `false` where it is not wanted. */
export const orFalse = (rule: OptionRule): OptionRule => ({
  ...rule,
  expected: `false, or ${rule.expected}`,
  holds: (value) => value === false || rule.holds(value),
})

/** An object that can do something: a class's instance as well as a literal. */
export const anObjectWithMethods = (what: string, ...methods: readonly string[]): OptionRule => ({
  expected: `${what} with ${methods.join(', ')}`,
  holds: (value) =>
    isObject(value) && methods.every((method) => typeof Reflect.get(value, method) === 'function'),
})

/** A `Clock`. */
export const aClock: OptionRule = anObjectWithMethods('a Clock', 'now', 'schedule')

/** A `Telemetry`. */
export const aTelemetry: OptionRule = anObjectWithMethods('openTelemetry()', 'begin', 'observe')

/** The name of a party, such as a client id. */
export const aName: OptionRule = { expected: 'a name', holds: isName }

/** Names of parties. */
export const names: OptionRule = aListOf('names', isName)

/** One name of a party, or several. */
export const aNameOrNames: OptionRule = {
  expected: 'a name or a list of names, at least one',
  holds: (value) => isName(value) || names.holds(value),
}

/** Hosts that may be spoken to over plain http, by their names alone. */
export const hostNames: OptionRule = aListOf(
  'host names as URLs spell them, without scheme and port',
  isHostName,
)

/** Reads the member `insecureHosts` of options, whatever else is wrong with them. Default: none. */
export function readInsecureHosts(options: unknown): InsecureHosts {
  const hosts: unknown = isObject(options) ? Reflect.get(options, 'insecureHosts') : undefined
  return new Set(Array.isArray(hosts) ? hosts.filter(isHostName) : [])
}

const schemes = 'an https URL (http only on loopback and on hosts that insecureHosts names)'

/** A URL that may be called; over plain http on this machine and on `insecureHosts`. */
export const aUrl = (insecureHosts: InsecureHosts): OptionRule => ({
  expected: `${schemes} without user information or fragment`,
  holds: (value) => typeof value === 'string' && isTrustworthyUrl(value, insecureHosts),
})

/** A URL that names something by its path alone, and is safe inside a quoted header parameter. */
export const aPlainUrl = (insecureHosts: InsecureHosts): OptionRule => ({
  expected: `${schemes} without user information, query or fragment`,
  holds: (value) => aUrl(insecureHosts).holds(value) && !/[?"\\\s]/.test(String(value)),
})
