import { generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import { CompactEncrypt } from 'jose'

/** Encrypts access tokens for a key that is thrown away: whoever gets one can only recognise that it is a JWE. */
export async function encryptAccessToken(jwt: string): Promise<string> {
  const { publicKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  return new CompactEncrypt(new TextEncoder().encode(jwt))
    .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM', cty: 'JWT' })
    .encrypt(publicKey)
}
