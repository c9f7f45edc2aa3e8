import { aName, type Dialect } from '../dialect.ts'

/**
 * Amazon Cognito user pools. Access tokens name no audience unless resource binding is on: without one they are for
 * the app client. `username` is there when a user has signed in; a machine's `sub` is its client id.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html (read 2026-11-29)
 */
export const cognito: Dialect = {
  clientClaims: ['client_id'],
  scopeClaims: ['scope'],
  audienceClaims: ['aud', 'client_id'],
  userProof: [
    { claim: 'token_use', is: ['access'] },
    { claim: 'username', matches: aName },
  ],
  machineMarks: [{ claim: 'sub', sameAs: 'client_id' }],
  stableClaims: ['sub'],
  keyOrigins: [],
}
