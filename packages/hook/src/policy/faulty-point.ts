import type { ConfigFault } from '../errors/config-error.ts'
import type { DecisionPoint } from './decision-point.ts'
import { PolicyUnavailable } from './policy-unavailable.ts'

/** Stands in for a decision point whose options cannot be used, for `createHook` to refuse it with its faults. */
export class FaultyPoint implements DecisionPoint {
  readonly faults: readonly ConfigFault[]
  readonly #detail: string

  constructor(faults: readonly ConfigFault[], detail: string) {
    this.faults = faults
    this.#detail = detail
  }

  decide(): never {
    throw new PolicyUnavailable(this.#detail)
  }
}
