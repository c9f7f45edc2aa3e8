import type { Buffer } from 'node:buffer'
import { constants, type KeyObject, verify } from 'node:crypto'
import { algorithms, type SignatureAlgorithm } from './algorithms.ts'

/**
 * Whether a signature is right. The key must fit the algorithm already.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7518#section-3
 */
export function isSignatureValid(
  algorithm: SignatureAlgorithm,
  key: KeyObject,
  signingInput: Buffer,
  signature: Buffer,
): boolean {
  const { digest, signatureBytes, keyType, pss } = algorithms[algorithm]
  if (signatureBytes !== undefined && signature.length !== signatureBytes) return false
  if (pss) {
    const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    return verify(digest, signingInput, { key, ...padding }, signature)
  }
  if (keyType === 'EC') return verify(digest, signingInput, { key, dsaEncoding: 'ieee-p1363' }, signature)
  // A key with options around it costs Node 24 more than half of another RSA verification, so it goes without here.
  return verify(digest, signingInput, key, signature)
}
