import { aName, type Dialect } from '../dialect.ts'

/**
 * Microsoft Entra ID, tokens of version 1 (`appid`) and 2 (`azp`). Delegated permissions (`scp`) exist with a signed-in
 * user only; an application's own token has `roles` in their place, and one object as `oid` and `sub`. `idtyp` is an
 * optional claim, so its absence proves nothing. A user is `oid` in the tenant `tid`; `sub` differs from application
 * to application.
 *
 * @see https://learn.microsoft.com/en-us/entra/identity-platform/access-token-claims-reference (read 2026-11-29)
 */
export const entra: Dialect = {
  clientClaims: ['azp', 'appid'],
  scopeClaims: ['scp'],
  audienceClaims: ['aud'],
  userProof: [
    { claim: 'scp', matches: /^\S/ },
    { claim: 'oid', matches: aName },
    { claim: 'tid', matches: aName },
  ],
  machineMarks: [
    { claim: 'idtyp', isNot: ['user'] },
    { claim: 'oid', sameAs: 'sub' },
  ],
  stableClaims: ['oid', 'tid'],
  keyOrigins: ['https://login.microsoftonline.com'],
}
