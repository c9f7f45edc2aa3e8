import { isObject } from '../options/option-faults.ts'

/**
 * What a user's next access token must bring for a delegation to be permitted. At least one member is there.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9470
 */
export interface Needs {
  /**
   * How the user is to sign in, as `acr` has it, the preferred one first: any one of them suffices. 1 to 8 names of 1 to
   * 100 letters, digits and `-._~:/?#@!$&*+=%|`.
   */
  readonly acrValues?: readonly string[]
  /** How long ago the user may have signed in, in seconds. 1 to 31 536 000. */
  readonly maxAgeSeconds?: number
  /** The scopes that the user's token must have. 1 to 8 names, as those of `acrValues`. */
  readonly scopes?: readonly string[]
}

const maxNames = 8
const maxAgeLimitSeconds = 31_536_000
const maxLength = 600
/** No quote, backslash, blank, parenthesis or semicolon: safe in an error text and in a quoted header parameter. */
const name = /^[\w.~:/?#@!$&*+=%|-]{1,100}$/

/**
 * Reads what a policy says that a user needs: undefined when that cannot be told on, because a member is unknown or
 * unusable, there is none, or all of them together take more than 600 characters. Nothing is left out singly: a user who
 * did the rest would be sent away again.
 */
export function readNeeds(value: unknown): Needs | undefined {
  if (!isObject(value)) return undefined
  const { acrValues, maxAgeSeconds, scopes, ...others }: Record<string, unknown> = { ...value }
  if (Object.keys(others).length > 0) return undefined
  const needs: { -readonly [Name in keyof Needs]: Needs[Name] } = {}
  if (acrValues !== undefined) {
    if (!isListOfNames(acrValues)) return undefined
    needs.acrValues = [...new Set(acrValues)]
  }
  if (maxAgeSeconds !== undefined) {
    if (!isMaxAge(maxAgeSeconds)) return undefined
    needs.maxAgeSeconds = maxAgeSeconds
  }
  if (scopes !== undefined) {
    if (!isListOfNames(scopes)) return undefined
    needs.scopes = [...new Set(scopes)]
  }
  const written = writeNeeds(needs)
  return written === '' || written.length > maxLength ? undefined : needs
}

/** Writes needs in the one way that {@link parseNeeds} reads, e.g. `acr_values=phr; max_age=900; scope=a b`. */
export function writeNeeds({ acrValues, maxAgeSeconds, scopes }: Needs): string {
  return [
    ...(acrValues === undefined ? [] : [`acr_values=${acrValues.join(' ')}`]),
    ...(maxAgeSeconds === undefined ? [] : [`max_age=${maxAgeSeconds}`]),
    ...(scopes === undefined ? [] : [`scope=${scopes.join(' ')}`]),
  ].join('; ')
}

const members: Readonly<Record<string, (value: string) => Needs>> = {
  acr_values: (value) => ({ acrValues: value.split(' ') }),
  max_age: (value) => ({ maxAgeSeconds: Number(value) }),
  scope: (value) => ({ scopes: value.split(' ') }),
}

/** Reads written needs; undefined for every text that {@link writeNeeds} does not write. */
export function parseNeeds(text: string): Needs | undefined {
  if (text.length > maxLength) return undefined
  const parts = text.split('; ').map((part) => {
    const equals = part.indexOf('=')
    const member = part.slice(0, Math.max(0, equals))
    return Object.hasOwn(members, member) ? members[member]?.(part.slice(equals + 1)) : undefined
  })
  const needs = readNeeds(Object.assign({}, ...parts))
  return needs !== undefined && writeNeeds(needs) === text ? needs : undefined
}

/**
 * Returns what satisfies several needs at once: an `acr` that all of them accept, the latest of the sign-ins, the scopes of
 * all. Undefined when no sign-in does, as far as can be told.
 */
export function combineNeeds(all: readonly Needs[]): Needs | undefined {
  const [first, ...others] = all.flatMap(({ acrValues }) => (acrValues === undefined ? [] : [acrValues]))
  const acrValues = first?.filter((value) => others.every((values) => values.includes(value)))
  const ages = all.flatMap(({ maxAgeSeconds }) => maxAgeSeconds ?? [])
  const scopes = all.flatMap((needs) => needs.scopes ?? [])
  return readNeeds({
    ...(acrValues === undefined ? {} : { acrValues }),
    ...(ages.length === 0 ? {} : { maxAgeSeconds: Math.min(...ages) }),
    ...(scopes.length === 0 ? {} : { scopes }),
  })
}

function isListOfNames(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.length <= maxNames &&
    value.every((member) => typeof member === 'string' && name.test(member))
  )
}

function isMaxAge(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= maxAgeLimitSeconds
}
