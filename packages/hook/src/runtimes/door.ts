import {
  anObjectWithMethods,
  findOptionFaults,
  type OptionRule,
  type OptionRules,
  refuseOptions,
} from '@behalf/core/internal'

/**
 * The path of a hook. One without its slash, or with a query, is no request's path: every call would be answered with
 * 404, and Okta fails open.
 */
export const aPath: OptionRule = {
  expected: 'a path that begins with /, without blanks, query and fragment',
  holds: (value) => typeof value === 'string' && /^\/[!-~]*$/.test(value) && !/[?#]/.test(value),
}

const aHook = anObjectWithMethods(
  'a hook',
  'handle',
  'mayBeOkta',
  'refuse',
  'load',
  'status',
  'secretsStatus',
  'sealingKeys',
)

/**
 * Refuses what a hook is served with when any of it is unusable.
 *
 * @param door - the name of the function that serves it
 * @throws TypeError - one line for each fault
 */
export function assertServable(door: string, hook: unknown, options: unknown, rules: OptionRules): void {
  const hookFaults = aHook.holds(hook) ? [] : [`the hook: expected ${aHook.expected}`]
  refuseOptions(door, [...hookFaults, ...findOptionFaults(options, rules)])
}
