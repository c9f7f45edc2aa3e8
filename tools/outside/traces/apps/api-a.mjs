import { clientSecretBasic, createClient } from '@behalf/client'

const { ISSUER, TOKEN_ENDPOINT, CLIENT_ID, CLIENT_SECRET, SEAL_JWKS_URI, RESOURCE, ASSERTION } = process.env

/** What API A does for its caller: one exchange that is permitted, and one that is not, whose error is returned. */
export async function serve() {
  const client = createClient({
    issuer: ISSUER,
    tokenEndpoint: TOKEN_ENDPOINT,
    clientId: CLIENT_ID,
    auth: clientSecretBasic(CLIENT_SECRET),
    ...(SEAL_JWKS_URI === undefined ? {} : { seal: { jwksUri: SEAL_JWKS_URI } }),
    resource: RESOURCE,
  })
  await client.acquireToken({ assertion: ASSERTION, scopes: ['orders:read'] })
  return client.acquireToken({ assertion: ASSERTION, scopes: ['orders:write'] }).then(
    () => new Error('it was permitted'),
    (error) => error,
  )
}
