/**
 * A key in AWS KMS signs for API A: the key never leaves KMS. `new KMS({})` of `@aws-sdk/client-kms` is the service; the
 * role needs `kms:Sign` and `kms:GetPublicKey` on the key, whose spec is `ECC_NIST_P256` and whose usage `SIGN_VERIFY`.
 */
import { createPublicKey } from 'node:crypto'
import type { Signer } from '@behalf/client'

/** `KMS` of `@aws-sdk/client-kms`, as far as it is needed. */
export interface KeyService {
  getPublicKey(input: { KeyId: string }): Promise<{ PublicKey?: Uint8Array | undefined }>
  sign(input: {
    KeyId: string
    Message: Uint8Array
    MessageType: 'RAW'
    SigningAlgorithm: 'ECDSA_SHA_256'
  }): Promise<{ Signature?: Uint8Array | undefined }>
}

/**
 * Makes a signer of a key in KMS: one call for the public key now, one for each signature later. Client authentication signs
 * once for each token request, DPoP once more, and once for each call of API B: KMS charges for each, and takes some
 * milliseconds, so a key of the process suits DPoP better.
 */
export async function kmsSigner(kms: KeyService, keyId: string): Promise<Signer> {
  const { PublicKey } = await kms.getPublicKey({ KeyId: keyId })
  if (PublicKey === undefined) throw new Error('KMS gave no public key')
  const publicKey = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' })
  return {
    algorithm: 'ES256',
    publicKey: publicKey.export({ format: 'jwk' }),
    async sign(data) {
      const { Signature } = await kms.sign({
        KeyId: keyId,
        // KMS hashes it, and takes up to 4096 bytes; what is signed here has about 600.
        Message: data,
        MessageType: 'RAW',
        SigningAlgorithm: 'ECDSA_SHA_256',
      })
      if (Signature === undefined) throw new Error('KMS made no signature')
      // It is DER; the client turns it into R and S, which JWS takes.
      return Signature
    },
  }
}
