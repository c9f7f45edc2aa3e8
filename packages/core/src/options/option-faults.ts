/** What one option must be. */
export interface OptionRule {
  readonly required?: true
  /** Completes the sentence "expected …". */
  readonly expected: string
  readonly holds: (value: unknown) => boolean
  /** The rules of an object's members. */
  readonly members?: OptionRules
}

/** What an object of options must be; names without a rule are refused. */
export type OptionRules<Names extends string = string> = Readonly<Record<Names, OptionRule>>

/**
 * Refuses options that are missing, unknown or of the wrong kind, all of them at once and without their values.
 * It does not look at how options depend on each other; see {@link findOptionFaults} for that.
 *
 * @param what - whose options they are
 * @throws TypeError - one line for each fault
 *
 * @example
 * ```ts
 * import { aFunction, assertOptions, aWholeNumber, type OptionRules } from '@behalf/core/internal'
 *
 * interface PollOptions {
 *   readonly everyMs: number
 *   readonly onAnswer?: () => void
 * }
 * const rules: OptionRules<keyof PollOptions> = {
 *   everyMs: { ...aWholeNumber(1), required: true },
 *   onAnswer: aFunction,
 * }
 * const poll = (options: PollOptions): void => assertOptions('poll', options, rules)
 * ```
 */
export function assertOptions(what: string, options: unknown, rules: OptionRules): void {
  refuseOptions(what, findOptionFaults(options, rules))
}

/**
 * Says what is missing, unknown or of the wrong kind, one line each, without values: `path: expected …`.
 * A member that is there but undefined is a fault: it is what a missing environment variable looks like.
 * Inherited members are not looked at.
 */
export function findOptionFaults(options: unknown, rules: OptionRules): readonly string[] {
  return isObject(options) ? findFaults(options, rules, '') : ['expected an object']
}

/**
 * Throws when there are faults.
 *
 * @param what - whose options they are
 * @throws TypeError - one line for each fault
 */
export function refuseOptions(what: string, faults: readonly string[]): void {
  if (faults.length === 0) return
  throw new TypeError(`${what}: the options are unusable\n${faults.map((fault) => `- ${fault}`).join('\n')}`)
}

/** Says whether a value has members. */
export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function findFaults(options: object, rules: OptionRules, path: string): readonly string[] {
  const faults = Object.entries(rules).flatMap(([name, { required, expected, holds, members }]) => {
    if (!Object.hasOwn(options, name))
      return required ? [`${path}${name}: missing; expected ${expected}`] : []
    const value: unknown = Reflect.get(options, name)
    if (!holds(value)) return [`${path}${name}: expected ${expected}`]
    return members !== undefined && isObject(value) ? findFaults(value, members, `${path}${name}.`) : []
  })
  const unknown = Object.keys(options).filter((name) => !Object.hasOwn(rules, name))
  const known = Object.keys(rules).join(', ')
  return [...faults, ...unknown.map((name) => `${path}${name}: unknown; expected one of ${known}`)]
}
