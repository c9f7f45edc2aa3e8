import * as oauth from 'oauth4webapi'
import type { ClientAuth } from './client-auth.ts'

/**
 * Authenticates with a secret in the `Authorization` header; Okta's default.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1
 */
export function clientSecretBasic(clientSecret: string | undefined): ClientAuth {
  return withSecret('clientSecretBasic', clientSecret, oauth.ClientSecretBasic)
}

/**
 * Authenticates with a secret in the body of the token request.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1
 */
export function clientSecretPost(clientSecret: string | undefined): ClientAuth {
  return withSecret('clientSecretPost', clientSecret, oauth.ClientSecretPost)
}

function withSecret(
  method: string,
  clientSecret: string | undefined,
  make: (clientSecret: string) => oauth.ClientAuth,
): ClientAuth {
  return typeof clientSecret === 'string' && clientSecret !== ''
    ? { faults: [], authenticate: make(clientSecret) }
    : {
        faults: [`${method}: expected a secret; is the environment variable set?`],
        authenticate: oauth.None(),
      }
}
