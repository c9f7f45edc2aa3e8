import type { Dialect } from '../dialect.ts'

/**
 * ZITADEL. Its access tokens do not tell service users from people: both have a numeric `sub`, a client and scopes. So
 * an action on the flow "complement token", trigger "pre access token creation", must say it, because only there
 * ZITADEL knows: `if (ctx.v1.getUser().human) api.v1.claims.setClaim('user_type', 'human')`.
 *
 * @see https://zitadel.com/docs/apis/openidoauth/claims (read 2026-11-29)
 */
export const zitadel: Dialect = {
  clientClaims: ['client_id', 'azp'],
  scopeClaims: ['scope'],
  audienceClaims: ['aud'],
  userProof: [{ claim: 'user_type', is: ['human'] }],
  machineMarks: [],
  stableClaims: ['sub'],
  keyOrigins: [],
}
