import { randomUUID } from 'node:crypto'
import type { Clock } from '@behalf/core'
import { type SealedPayload, type SealingKey, sealedAssertion } from '@behalf/core/internal'

/** Who seals, and for which authorization server. */
export interface SealOrigin {
  readonly clientId: string
  readonly issuer: string
  readonly clock: Clock
}

/** What goes into a seal besides that. */
export interface SealContent {
  readonly assertion: string
  readonly resource: string | undefined
}

/**
 * Seals an assertion: encrypts it for the hook, together with the client and the authorization server that it is good for,
 * when it was sealed, and an id by which the hook tells whether it comes twice. Each call makes another seal, with a key
 * pair of its own.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7516#section-7.1
 * @see https://www.rfc-editor.org/rfc/rfc7518#section-4.6
 */
export async function sealAssertion(
  { assertion, resource }: SealContent,
  { clientId, issuer, clock }: SealOrigin,
  { kid, jwk }: SealingKey,
): Promise<string> {
  // Only now, so that who does not seal does not load it.
  const { CompactEncrypt } = await import('jose/jwe/compact/encrypt')
  const { type, keyAgreement, encryption } = sealedAssertion
  const payload: SealedPayload = {
    assertion,
    client_id: clientId,
    aud: issuer,
    ...(resource === undefined ? {} : { resource }),
    iat: Math.floor(clock.now() / 1000),
    jti: randomUUID(),
  }
  return new CompactEncrypt(new TextEncoder().encode(JSON.stringify(payload)))
    .setProtectedHeader({ alg: keyAgreement, enc: encryption, typ: type, kid })
    .encrypt(jwk)
}
