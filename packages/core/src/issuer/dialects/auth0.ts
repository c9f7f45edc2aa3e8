import type { Dialect } from '../dialect.ts'

/**
 * Auth0, both access token profiles: its own (`azp`, `gty`) and that of RFC 9068 (`client_id`). A user's id is the
 * connection and the id there, separated by `|`; an application's is its client id with `@clients`.
 *
 * @see https://auth0.com/docs/secure/tokens/access-tokens/access-token-profiles (read 2026-11-29)
 */
export const auth0: Dialect = {
  clientClaims: ['azp', 'client_id'],
  scopeClaims: ['scope'],
  audienceClaims: ['aud'],
  userProof: [{ claim: 'sub', matches: /^[^|@]+\|.+$/ }],
  machineMarks: [{ claim: 'sub', matches: /@clients$/ }],
  stableClaims: ['sub'],
  keyOrigins: [],
}
