import { anObjectWithMethods, findOptionFaults, type OptionRules, refuseOptions } from '@behalf/core/internal'

const aVerifier = anObjectWithMethods('a verifier', 'authorize')

/**
 * Refuses what an API is guarded with when any of it is unusable.
 *
 * @param door - the name of the function that guards it
 * @throws TypeError - one line for each fault
 */
export function assertGuard(door: string, verifier: unknown, options: unknown, rules: OptionRules): void {
  const verifierFaults = aVerifier.holds(verifier) ? [] : [`the verifier: expected ${aVerifier.expected}`]
  refuseOptions(door, [...verifierFaults, ...findOptionFaults(options, rules)])
}
