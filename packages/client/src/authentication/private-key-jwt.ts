import { randomBytes } from 'node:crypto'
import * as oauth from 'oauth4webapi'
import type { ClientAuth, RegisteredClient } from './client-auth.ts'
import { readSigningKey, type SigningKeyOptions, signJwt } from './signing-key.ts'

/** The key that signs client assertions, here or elsewhere, and what they say. */
export type PrivateKeyJwtOptions = SigningKeyOptions & {
  /** The `kid` under which the public key is registered. Default: the JWK's `kid`; none otherwise. */
  readonly keyId?: string
  /** The `aud` of the client assertion. Default: the token endpoint's URL, as Okta documents it. */
  readonly audience?: string
}

const lifetimeSeconds = 60

/**
 * Authenticates with a JWT that the client signs; no secret is shared with Okta.
 *
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs'
 * import { privateKeyJwt } from '@behalf/client'
 *
 * const auth = privateKeyJwt({ privateKey: readFileSync('api-a.pem', 'utf8'), keyId: 'api-a-2026' })
 * ```
 *
 * @see https://www.rfc-editor.org/rfc/rfc7523#section-2.2
 * @see https://developer.okta.com/docs/guides/build-self-signed-jwt/
 */
export function privateKeyJwt(options: PrivateKeyJwtOptions): ClientAuth {
  const key = readSigningKey(options)
  if (typeof key === 'string') return { faults: [`privateKeyJwt: ${key}`], authenticate: oauth.None() }
  const { keyId: kid = key.keyId, audience } = options
  return {
    faults: [],
    async authenticate(server, client, body) {
      const now = nowSeconds(client)
      const assertion = await signJwt(key, kid === undefined ? {} : { kid }, {
        iss: client.client_id,
        sub: client.client_id,
        aud: audience ?? server.token_endpoint ?? server.issuer,
        jti: randomBytes(32).toString('base64url'),
        iat: now,
        nbf: now,
        exp: now + lifetimeSeconds,
      })
      body.set('client_id', client.client_id)
      body.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
      body.set('client_assertion', assertion)
    },
  }
}

/** By the client's clock, which the request says as its distance from the machine's. */
function nowSeconds(client: RegisteredClient): number {
  const skew: unknown = Reflect.get(client, oauth.clockSkew)
  return Math.floor(Date.now() / 1000) + (typeof skew === 'number' ? skew : 0)
}
