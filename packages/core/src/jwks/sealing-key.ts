import { createPublicKey } from 'node:crypto'
import { sealedAssertion } from '../delegation/sealed-assertion.ts'
import { isJsonObject, type Json } from '../json/json.ts'
import { isKeyId } from './jwk.ts'
import { hasPrivateMember } from './private-members.ts'

/** A key that assertions can be sealed for. */
export interface SealingKey {
  readonly kid: string
  /** What makes the key, and nothing else; one object for its life, by which `jose` remembers the imported key. */
  readonly jwk: { readonly kty: string; readonly crv: string; readonly x: string; readonly y: string }
}

/** What is taken for a key, before anything is known about it. */
interface Candidate {
  readonly kty?: unknown
  readonly crv?: unknown
  readonly x?: unknown
  readonly y?: unknown
  readonly kid?: unknown
  readonly use?: unknown
  readonly alg?: unknown
}

/** Reads a public key; a string says why it cannot be used, without its value. */
export function readSealingKey(candidate: Candidate): SealingKey | string {
  if (hasPrivateMember(candidate)) return 'expected the public half alone; the private one is for the hook'
  const { kty, crv, x, y, kid, use = 'enc', alg = sealedAssertion.keyAgreement } = candidate
  if (!isKeyId(kid)) return 'expected a kid, by which the hook finds the private half'
  if (use !== 'enc' || alg !== sealedAssertion.keyAgreement)
    return `expected a key for encryption (use: enc) with ${sealedAssertion.keyAgreement}`
  if (kty !== 'EC' || crv !== sealedAssertion.curve || typeof x !== 'string' || typeof y !== 'string')
    return `expected an EC key on ${sealedAssertion.curve}`
  const jwk = { kty, crv, x, y }
  return isOnCurve(jwk) ? { kid, jwk } : `expected a point on ${sealedAssertion.curve}`
}

/**
 * Finds the first key of a JWK Set that is published for encryption and can be sealed for. Others are passed over, among
 * them one whose private half is published as well.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7517#section-5
 */
export function findSealingKey(set: Json): SealingKey | undefined {
  if (!isJsonObject(set) || !Array.isArray(set['keys'])) return undefined
  for (const candidate of set['keys']) {
    const key = isJsonObject(candidate) && candidate['use'] === 'enc' ? readSealingKey(candidate) : undefined
    if (typeof key === 'object') return key
  }
  return undefined
}

function isOnCurve(jwk: SealingKey['jwk']): boolean {
  try {
    createPublicKey({ format: 'jwk', key: { ...jwk } })
    return true
  } catch {
    // Whatever does not import cannot be sealed for.
    return false
  }
}
