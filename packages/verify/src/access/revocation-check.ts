import { type FirstToken, Revocations } from '@behalf/core/internal'
import type { VerifierSettings } from '../options/settings.ts'
import { TokenError, tokenErrorFrom } from '../token-error.ts'
import type { Access } from './access.ts'

/** Asks whether the user of an access was cut off: the access itself when not, else why it is refused. */
export type RevocationCheck = (access: Access) => Access | TokenError | Promise<Access | TokenError>

/**
 * Makes the check, with every request, that a user was not cut off since the first token of the chain was issued: a delegated
 * token is judged by its claim `assertion`, and a user's own by itself. Machines are nobody's users.
 */
export function createRevocationCheck({
  revocation,
  clock,
  issuers,
  assertionIssuers,
}: VerifierSettings): RevocationCheck | undefined {
  if (revocation === undefined) return undefined
  const revocations = new Revocations(revocation, clock)
  const vouching = new Map(issuers.map((issuer) => [issuer.issuer, issuer]))
  const firstTokenOf = (access: Exclude<Access, { readonly kind: 'machine' }>): FirstToken | undefined => {
    const isDelegated = access.kind === 'delegated'
    const { org, dialect } =
      (isDelegated ? assertionIssuers.vouching(access.user.issuer) : vouching.get(access.issuer)) ?? {}
    const claims = isDelegated ? access.assertion : access.claims
    return org === undefined || dialect === undefined
      ? undefined
      : { org, stableClaims: dialect.stableClaims, claims }
  }
  return (access) => {
    if (access.kind === 'machine') return access
    const first = firstTokenOf(access)
    // The options have an org for every issuer that is accepted.
    if (first === undefined)
      return new TokenError('token_invalid', { detail: 'nobody says whose user it is' })
    const judged = revocations.judge(first)
    const settle = (verdict: Awaited<typeof judged>): Access | TokenError =>
      verdict.ok ? access : tokenErrorFrom(verdict.fault)
    return judged instanceof Promise ? judged.then(settle) : settle(judged)
  }
}
