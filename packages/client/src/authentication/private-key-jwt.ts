import * as oauth from 'oauth4webapi'
import type { ClientAuth } from './client-auth.ts'
import { type PrivateKeyOptions, readPrivateKey } from './private-key.ts'

/** The key that signs client assertions, and what they say. */
export interface PrivateKeyJwtOptions extends PrivateKeyOptions {
  /** The `kid` under which the public key is registered. Default: the JWK's `kid`; none for PEM. */
  readonly keyId?: string
  /** The `aud` of the client assertion. Default: the token endpoint's URL, as Okta documents it. */
  readonly audience?: string
}

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
  const key = readPrivateKey(options)
  if (typeof key === 'string') return { faults: [`privateKeyJwt: ${key}`], authenticate: oauth.None() }
  const kid = options.keyId ?? key.keyId
  return {
    faults: [],
    authenticate: async (server, client, body, headers) => {
      const { privateKey } = await key.keyPair()
      const sign = oauth.PrivateKeyJwt(kid === undefined ? privateKey : { key: privateKey, kid }, {
        [oauth.modifyAssertion]: (header, payload) => {
          header['alg'] = key.algorithm
          payload['aud'] = options.audience ?? server.token_endpoint
        },
      })
      await sign(server, client, body, headers)
    },
  }
}
