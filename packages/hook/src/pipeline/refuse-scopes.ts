import { errorTable } from '@behalf/core'
import type { Refusal } from './step.ts'

const maxNamedScopes = 8

/**
 * The denial of scopes, which names them: they come from the request, and a client that learns which one is
 * not permitted can leave it out. What is no scope token of reasonable length is counted only.
 *
 * @param reason - what to say in place of the general sentence
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-3.3
 */
export function refuseScopes(
  scopes: readonly string[],
  { reason, policies }: Pick<Refusal, 'reason' | 'policies'> = {},
): Refusal {
  const named = scopes
    .filter((scope) => /^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/.test(scope))
    .slice(0, maxNamedScopes)
  const unnamed = scopes.length - named.length
  const list = [...named, ...(unnamed === 0 ? [] : [`${unnamed} more`])].join(', ')
  const sentence = reason ?? errorTable.scope_not_permitted.sentence
  return {
    ok: false,
    denial: { code: 'scope_not_permitted', detail: `not permitted: ${list}` },
    reason: `${sentence.replace(/\.$/, '')} (${list})`,
    policies,
  }
}
