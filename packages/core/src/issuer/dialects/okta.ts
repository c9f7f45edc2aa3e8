import { aName, type Dialect } from '../dialect.ts'

/**
 * Custom authorization servers of Okta. `uid` is there in users' tokens only, and no hook can set it; tokens of agents
 * and services name themselves in `sub_profile`. `sub` is a login, which can be given to somebody else later.
 *
 * @see https://developer.okta.com/docs/api/openapi/okta-oauth/guides/overview/ (read 2026-08-30)
 */
export const okta: Dialect = {
  clientClaims: ['cid'],
  scopeClaims: ['scp'],
  audienceClaims: ['aud'],
  userProof: [
    { claim: 'uid', matches: aName },
    { claim: 'cid', matches: aName },
  ],
  machineMarks: [{ claim: 'sub_profile', isNot: ['user'] }],
  stableClaims: ['uid'],
  keyOrigins: [],
}
