import { Buffer } from 'node:buffer'
import * as oauth from 'oauth4webapi'
import type { ClientAuth } from './client-auth.ts'

/**
 * Authenticates with a secret in the `Authorization` header; Okta's default. Id and secret are form-encoded,
 * which leaves what Okta puts into them as it is: letters, digits, `-` and `_`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1
 */
export function clientSecretBasic(clientSecret: string | undefined): ClientAuth {
  return withSecret('clientSecretBasic', clientSecret, (secret) => (_server, client, _body, headers) => {
    // The library's own encodes `-` and `_` too, which a server that does not decode would take for the secret.
    const credentials = Buffer.from(`${formEncode(client.client_id)}:${formEncode(secret)}`)
    headers.set('authorization', `Basic ${credentials.toString('base64')}`)
  })
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
  make: (clientSecret: string) => ClientAuth['authenticate'],
): ClientAuth {
  const fault = whySecretUnusable(clientSecret)
  return fault === undefined && clientSecret !== undefined
    ? { faults: [], authenticate: make(clientSecret) }
    : { faults: [`${method}: ${fault}`], authenticate: oauth.None() }
}

/** A secret from a file often ends with a line break, which Okta would take for a part of it. */
function whySecretUnusable(clientSecret: string | undefined): string | undefined {
  if (typeof clientSecret !== 'string' || clientSecret === '')
    return 'expected a secret; is the environment variable set?'
  return /[\r\n]$/.test(clientSecret)
    ? 'expected a secret that does not end with a line break; trim it'
    : undefined
}

function formEncode(text: string): string {
  return encodeURIComponent(text).replaceAll('%20', '+')
}
