import { aName, type Dialect } from '../dialect.ts'

/**
 * Keycloak. A person's token belongs to a session (`sid`) and names the person; the user behind a service account is
 * called `service-account-<client id>`, which Keycloak reserves, and its tokens say where the client called from.
 * Without the client scopes `basic` and `profile` these claims are missing, and no user is proven.
 *
 * @see https://www.keycloak.org/docs/latest/server_admin/#_service_accounts (read 2026-11-29)
 */
export const keycloak: Dialect = {
  clientClaims: ['azp'],
  scopeClaims: ['scope'],
  audienceClaims: ['aud'],
  userProof: [
    { claim: 'typ', is: ['Bearer', 'DPoP'] },
    { claim: 'sid', matches: aName },
    { claim: 'preferred_username', matches: aName },
  ],
  machineMarks: [
    { claim: 'preferred_username', matches: /^service-account-/i },
    { claim: 'client_id' },
    { claim: 'clientId' },
    { claim: 'clientHost' },
    { claim: 'clientAddress' },
  ],
  stableClaims: ['sub'],
  keyOrigins: [],
}
