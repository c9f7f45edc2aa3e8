import { createHash, randomUUID } from 'node:crypto'
import type { JsonObject } from '@behalf/core'
import { jwkThumbprint } from '@behalf/core/internal'
import { generateSigningKey, type LooseObject, type SigningKey, signJwt } from '@behalf/testing'

/** The public JWK of a key, as a proof carries it. */
export function publicJwk({ publicKey }: SigningKey): JsonObject {
  const { kty, crv, x, y, n, e } = publicKey.export({ format: 'jwk' })
  return { kty, crv, x, y, n, e }
}

/** A client that holds a key and makes proofs for `GET https://b.example.com/orders`, or anything else. */
export class Prover {
  readonly key: SigningKey = generateSigningKey('client', 'ES256')
  readonly jwk: JsonObject = publicJwk(this.key)
  readonly thumbprint: string = jwkThumbprint(this.jwk) ?? ''

  claims(token: string, nowSeconds: number, overrides: LooseObject = {}): LooseObject {
    return {
      htm: 'GET',
      htu: 'https://b.example.com/orders',
      iat: nowSeconds,
      jti: randomUUID(),
      ath: createHash('sha256').update(token).digest('base64url'),
      ...overrides,
    }
  }

  /** Signs a proof; `signer` may be another key than the proof carries. */
  prove(claims: LooseObject, header: LooseObject = {}, signer: SigningKey = this.key): string {
    return signJwt(signer, claims, { typ: 'dpop+jwt', kid: undefined, jwk: this.jwk, ...header })
  }
}
