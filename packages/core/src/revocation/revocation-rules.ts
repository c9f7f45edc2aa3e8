import type { OptionRule, OptionRules } from '../options/option-faults.ts'
import { aFunction, anObjectWithMethods, aWholeNumber, oneOf } from '../options/option-rules.ts'
import type { RevocationOptions } from './revocations.ts'

/** A store of cut-offs. */
export const aRevocationStore: OptionRule = anObjectWithMethods('a store', 'find', 'raise')

/** What {@link RevocationOptions} must be. */
export const revocationRules: OptionRules<keyof RevocationOptions> = {
  store: { ...aRevocationStore, required: true },
  whenUnavailable: { ...oneOf('deny', 'permit'), required: true },
  timeoutMs: aWholeNumber(1, 2_000),
  onUnavailable: aFunction,
}
