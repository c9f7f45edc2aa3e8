/**
 * What a policy throws when it cannot decide; the request is denied with `policy_unavailable`. Any other
 * exception does the same, but says nothing to the operator, because messages of exceptions quote values.
 *
 * @example
 * ```ts
 * import { type PolicyFunction, PolicyUnavailable } from '@behalf/hook'
 *
 * const policy: PolicyFunction = async () => {
 *   throw new PolicyUnavailable('the directory did not answer')
 * }
 * ```
 */
export class PolicyUnavailable extends Error {
  override readonly name: string = 'PolicyUnavailable'

  /** @param detail - for the decision record, so never a value of the request */
  constructor(detail: string) {
    super(detail)
  }
}
