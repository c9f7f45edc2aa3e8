import type { Denial, JsonObject, Result } from '@behalf/core'
import { deny, pass } from '@behalf/core/internal'

/**
 * Reads what was granted: `scp` as Okta writes it, or `scope` as RFC 9068 does. `scp` wins whenever it is
 * there, because nothing but Okta can set it.
 *
 * @returns a denial `token_invalid` when the claim has another shape
 * @see https://www.rfc-editor.org/rfc/rfc9068#section-2.2.3
 */
export function readScopes({ scp, scope }: JsonObject): Result<readonly string[], Denial> {
  if (scp !== undefined) {
    return Array.isArray(scp) && scp.every((name) => typeof name === 'string')
      ? pass(scp)
      : deny('token_invalid', 'scp is not a list of strings')
  }
  if (scope === undefined) return pass([])
  if (typeof scope !== 'string') return deny('token_invalid', 'scope is not a string')
  return pass(scope.split(' ').filter((name) => name !== ''))
}
