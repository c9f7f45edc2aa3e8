import type { Result } from '@behalf/core'
import { fail, isScopeToken, sentences } from '@behalf/core/internal'
import type { StepDenial } from '../errors/step-denial.ts'

const maxNamedScopes = 8
const maxNamedLength = 100

/**
 * Denies scopes and names them: they come from the request, and a client that learns which one is
 * not permitted can leave it out. What is no scope token of reasonable length is counted only.
 *
 * @param reason - what to say in place of the general sentence
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-3.3
 */
export function refuseScopes(
  scopes: readonly string[],
  { reason, policies }: Pick<StepDenial, 'reason' | 'policies'> = {},
): Result<never, StepDenial> {
  const named = scopes
    .filter((scope) => scope.length <= maxNamedLength && isScopeToken(scope))
    .slice(0, maxNamedScopes)
  const unnamed = scopes.length - named.length
  const list = [...named, ...(unnamed === 0 ? [] : [`${unnamed} more`])].join(', ')
  const sentence = reason ?? sentences.scope_not_permitted
  return fail({
    code: 'scope_not_permitted',
    detail: `not permitted: ${list}`,
    reason: `${sentence.replace(/\.$/, '')} (${list})`,
    policies,
  })
}
