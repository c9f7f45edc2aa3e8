import type { SignatureAlgorithm } from '@behalf/core'
import {
  isHostName,
  isPartyName,
  isScopeToken,
  isSignatureAlgorithm,
  isTrustworthyUrl,
} from '@behalf/core/internal'
import * as v from 'valibot'

/** A string that is not empty. */
export const text: v.GenericSchema<string> = v.pipe(
  v.string('must be a string'),
  v.minLength(1, 'must not be empty'),
)

/** The name of a party, such as a client id or an audience. */
export const name: v.GenericSchema<string> = v.pipe(
  v.string('must be a string'),
  v.check(
    (value: string) => isPartyName(value),
    'must be 1 to 255 characters without control characters or surrounding white space',
  ),
)

export const names: v.GenericSchema<readonly string[]> = v.pipe(
  v.array(name, 'must be a list of strings'),
  v.minLength(1, 'must name at least one'),
)

export const scope: v.GenericSchema<string> = v.pipe(
  v.string('must be a string'),
  v.check((value: string) => isScopeToken(value), 'must be a scope token (RFC 6749 §3.3)'),
)

export const scopes: v.GenericSchema<readonly string[]> = v.array(scope, 'must be a list of strings')

/** A URL that may be called, if plain http is permitted for its host: `insecure-urls.ts` sees to that. */
export const url: v.GenericSchema<string> = v.pipe(
  v.string('must be a string'),
  v.check(
    (value) => isUrl(value),
    'must be an https URL (http only on loopback and insecureHosts) without blanks, user information or fragment',
  ),
)

/** Says whether a value is a URL that may be called, if plain http is permitted for its host. */
export function isUrl(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    URL.canParse(value) &&
    isTrustworthyUrl(value, new Set([new URL(value).hostname]))
  )
}

/** Names of hosts alone. */
export const hostNames: v.GenericSchema<readonly string[]> = v.array(
  v.custom<string>(isHostName, 'must be a host name as URLs spell it, without scheme and port'),
  'must be a list of host names',
)

export const issuerUrl: v.GenericSchema<string> = v.pipe(
  url,
  v.check((value) => !value.includes('?'), 'must have no query'),
)

/** Algorithms of signatures; what Okta signs with by default. */
export const algorithms: v.GenericSchema<
  readonly SignatureAlgorithm[] | undefined,
  readonly SignatureAlgorithm[]
> = v.optional(
  v.pipe(
    v.array(
      v.custom<SignatureAlgorithm>(
        isSignatureAlgorithm,
        'must be an asymmetric algorithm, e.g. RS256 or ES256',
      ),
      'must be a list',
    ),
    v.minLength(1, 'must name at least one'),
  ),
  ['RS256'],
)

/** The name of a header, in the lower case in which it is looked up. */
export const headerName: v.GenericSchema<string> = v.pipe(
  v.string('must be a string'),
  v.regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'must be a header name'),
  v.transform((value) => value.toLowerCase()),
)

export function wholeNumber(min: number, max: number): v.GenericSchema<number> {
  const message = `must be a whole number from ${min} to ${max}`
  return v.pipe(
    v.number(message),
    v.check((value) => Number.isInteger(value) && value >= min && value <= max, message),
  )
}

export function wholeNumberOr(
  fallback: number,
  min: number,
  max: number,
): v.OptionalSchema<v.GenericSchema<number>, number> {
  return v.optional(wholeNumber(min, max), fallback)
}

/** Returns one of a few words, of which the first is the default. */
export function oneOf<const Words extends readonly [string, ...string[]]>(
  ...words: Words
): v.OptionalSchema<v.PicklistSchema<Words, string>, Words[0]> {
  const message = `must be ${words.map((word) => `'${word}'`).join(' or ')}`
  return v.optional(v.picklist(words, message), words[0])
}

/** A record passes over these names without a word, and a list for an object without members. */
function isPlainRecord(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !['__proto__', 'constructor', 'prototype'].some((reserved) => Object.hasOwn(value, reserved))
  )
}

/** Returns an object of values by names that the operator chooses. */
export function recordOf<Value, Resolved>(
  key: v.GenericSchema<string>,
  value: v.GenericSchema<Value, Resolved>,
  message: string,
): v.GenericSchema<Readonly<Record<string, Value>>, Readonly<Record<string, Resolved>>> {
  return v.pipe(
    v.custom<Readonly<Record<string, Value>>>(isPlainRecord, message),
    v.record(key, value, message),
  )
}
