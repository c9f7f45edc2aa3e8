import { aName, type Dialect } from '../dialect.ts'

/**
 * Microsoft Entra ID, tokens of version 1 (`appid`) and 2 (`azp`). Delegated permissions (`scp`) exist with a signed-in
 * user only; an application's own token has `roles` in their place, and one object as `oid` and `sub`. `idtyp` is an
 * optional claim, so its absence proves nothing. An agent's own token has the scope `/` or none, and an agent's user account,
 * which is nobody, a token like a person's but for its facets: `xms_sub_fct` lists 11 (an agent) or 13 (its account). A user is `oid` in the tenant `tid`; `sub` differs from application
 * to application.
 *
 * @see https://learn.microsoft.com/en-us/entra/identity-platform/access-token-claims-reference (read 2026-11-29)
 * @see https://learn.microsoft.com/en-us/entra/agent-id/identity-platform/agent-token-claims (read 2026-11-30)
 */
export const entra: Dialect = {
  clientClaims: ['azp', 'appid'],
  scopeClaims: ['scp'],
  audienceClaims: ['aud'],
  userProof: [
    { claim: 'scp', matches: /^(?!\/\s*$)\S/ },
    { claim: 'oid', matches: aName },
    { claim: 'tid', matches: aName },
  ],
  machineMarks: [
    { claim: 'idtyp', isNot: ['user'] },
    { claim: 'oid', sameAs: 'sub' },
    { claim: 'xms_sub_fct', matches: /(?:^|\s)1[13](?:\s|$)/ },
    { claim: 'xms_sub_fct', is: [11, 13] },
  ],
  stableClaims: ['oid', 'tid'],
  keyOrigins: ['https://login.microsoftonline.com'],
}
