import { isPartyName, isTrustworthyUrl } from '@behalf/core'
import { isScopeName } from './scopes.ts'

/** What one option must be. */
export interface Rule {
  readonly required?: true
  readonly expected: string
  readonly holds: (value: unknown) => boolean
  /** The rules of an object's members. */
  readonly members?: Rules
}

/** What an object of options must be; names without a rule are refused. */
export type Rules<Names extends string = string> = Readonly<Record<Names, Rule>>

const isName = (value: unknown): boolean => typeof value === 'string' && isPartyName(value)
const isUrl = (value: unknown): value is string => typeof value === 'string' && isTrustworthyUrl(value)

/** A whole number from `min` on. */
export const count = (min: number): Rule => ({
  expected: `a whole number, ${min} or more`,
  holds: (value) => Number.isSafeInteger(value) && Number(value) >= min,
})

/** A list that is not empty. */
export const listOf = (what: string, holds: (value: unknown) => boolean): Rule => ({
  expected: `a list of ${what}, at least one`,
  holds: (value) => Array.isArray(value) && value.length > 0 && value.every(holds),
})

/** One of a few words. */
export const oneOf = (...words: readonly string[]): Rule => ({
  expected: words.map((word) => `'${word}'`).join(' or '),
  holds: (value) => words.some((word) => word === value),
})

/** An object whose members have rules of their own. */
export const object = (members: Rules): Rule => ({ expected: 'an object', holds: isObject, members })

/** A function. */
export const callable: Rule = { expected: 'a function', holds: (value) => typeof value === 'function' }

/** A boolean. */
export const flag: Rule = { expected: 'true or false', holds: (value) => typeof value === 'boolean' }

/** Names of parties. */
export const names: Rule = listOf('names', isName)

/** One name of a party, or several. */
export const nameOrNames: Rule = {
  expected: 'a name, or a list of names, at least one',
  holds: (value) => isName(value) || names.holds(value),
}

/** Names of scopes. */
export const scopes: Rule = listOf('scopes', isScopeName)

/** A URL that may be called. */
export const url: Rule = { expected: 'an https URL without a fragment', holds: isUrl }

/** A URL that names something by its path alone. */
export const plainUrl: Rule = {
  expected: 'an https URL without query or fragment',
  holds: (value) => isUrl(value) && !/[?"\\\s]/.test(value),
}

/** Whether a value has members. */
export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/**
 * Refuses options that are missing, unknown or of the wrong kind, all of them at once and without their values.
 *
 * @param what - whose options they are
 * @throws TypeError - one line for each fault
 */
export function assertOptions(what: string, options: unknown, rules: Rules): void {
  const faults = isObject(options) ? findFaults(options, rules, '') : ['expected an object']
  if (faults.length === 0) return
  throw new TypeError(`${what}: the options are unusable\n${faults.map((fault) => `- ${fault}`).join('\n')}`)
}

function findFaults(options: object, rules: Rules, path: string): readonly string[] {
  const given = new Map<string, unknown>(Object.entries(options))
  const faults = Object.entries(rules).flatMap(([name, { required, expected, holds, members }]) => {
    if (!given.has(name)) return required ? [`${path}${name}: missing; expected ${expected}`] : []
    const value = given.get(name)
    if (!holds(value)) return [`${path}${name}: expected ${expected}`]
    return members !== undefined && isObject(value) ? findFaults(value, members, `${path}${name}.`) : []
  })
  const unknown = [...given.keys()].filter((name) => !Object.hasOwn(rules, name))
  const known = Object.keys(rules).join(', ')
  return [...faults, ...unknown.map((name) => `${path}${name}: unknown; expected one of ${known}`)]
}
