import { createHash, randomBytes } from 'node:crypto'
import type { Clock } from '@behalf/core'
import { type SigningKey, signJwt } from './signing-key.ts'

/** What a proof is for. */
export interface ProvenRequest {
  readonly method: string
  readonly url: string
  /** The token that the request carries, when it carries one. */
  readonly accessToken?: string
}

/** The key that tokens are bound to, and the nonces that servers gave for its proofs. */
export interface DpopBinding {
  /** What `cnf.jkt` of a bound token is. */
  readonly thumbprint: string
  /**
   * Makes the proof for one request, with the last nonce of its origin.
   *
   * @throws ExchangeError - `token_request_failed`, when a signer fails
   */
  prove(request: ProvenRequest): Promise<string>
  /** Keeps the nonce that an answer brings. */
  keepNonce(url: string, response: Pick<Response, 'headers'>): void
}

/** What a nonce consists of (RFC 9449 §8.1), and a length that no proof suffers from. */
const nonceSyntax = /^[\x21\x23-\x5b\x5d-\x7e]{1,1024}$/

/**
 * Binds tokens to a key.
 *
 * @param key - one whose public key is known
 * @see https://www.rfc-editor.org/rfc/rfc9449
 */
export function createDpopBinding(
  key: SigningKey & { readonly proof: NonNullable<SigningKey['proof']> },
  clock: Clock,
): DpopBinding {
  const { publicJwk, thumbprint } = key.proof
  /** By origin; there are no more than token endpoint and allowed origins. */
  const nonces = new Map<string, string>()
  return {
    thumbprint,
    prove({ method, url, accessToken }) {
      const { origin, pathname } = new URL(url)
      const nonce = nonces.get(origin)
      return signJwt(
        key,
        { typ: 'dpop+jwt', jwk: { ...publicJwk } },
        {
          iat: Math.floor(clock.now() / 1000),
          jti: randomBytes(32).toString('base64url'),
          htm: method.toUpperCase(),
          htu: `${origin}${pathname}`,
          ...(nonce === undefined ? {} : { nonce }),
          ...(accessToken === undefined
            ? {}
            : { ath: createHash('sha256').update(accessToken).digest('base64url') }),
        },
      )
    },
    keepNonce(url, { headers }) {
      const nonce = headers.get('dpop-nonce')
      if (nonce !== null && nonceSyntax.test(nonce)) nonces.set(new URL(url).origin, nonce)
    },
  }
}
