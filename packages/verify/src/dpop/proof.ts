import { createHash } from 'node:crypto'
import type { Json, JsonObject, Result } from '@behalf/core'
import {
  fail,
  hasPrivateMember,
  importVerificationKey,
  isJsonObject,
  isNumericDate,
  isSignatureAlgorithm,
  isSignatureValid,
  jwkThumbprint,
  parseCompactJws,
  pass,
} from '@behalf/core/internal'

/** What a proof says of itself, once it is found to be about the request. */
export interface CheckedProof {
  readonly jti: string
  /** Not checked. */
  readonly nonce: Json | undefined
}

/** What a proof must be about. */
export interface ProofExpectation {
  readonly accessToken: string
  /** The thumbprint of the key that the access token is bound to. */
  readonly thumbprint: string
  readonly method: string
  /** The absolute URL that the client called; query and fragment do not count. */
  readonly url: string
  readonly nowSeconds: number
  /** How far `iat` may be from now, either way. */
  readonly windowSeconds: number
}

const maxProofBytes = 8_192
const maxJtiLength = 256

/**
 * Checks one DPoP proof against the request that it came with. It does not know whether the proof was seen
 * before.
 *
 * @returns the proof's `jti` and `nonce`, or why the proof is refused, in words that are safe to log
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-4.3
 */
export function checkProof(proof: string, expected: ProofExpectation): Result<CheckedProof, string> {
  const parsed = parseCompactJws(proof, maxProofBytes)
  if (!parsed.ok) return refuse('is not one well-formed JWT')
  const { header, payload, signingInput, signature } = parsed.value
  const { typ, alg, jwk, crit, b64 } = header
  if (typ !== 'dpop+jwt') return refuse('has another typ than dpop+jwt')
  if (crit !== undefined || b64 !== undefined) return refuse('has crit or b64 in its header')
  if (!isSignatureAlgorithm(alg)) return refuse('is signed with an unsupported algorithm')
  if (!isJsonObject(jwk) || hasPrivateMember(jwk)) return refuse('carries no public key')
  const thumbprint = jwkThumbprint(jwk)
  if (thumbprint !== expected.thumbprint)
    return refuse('was made with another key than the token is bound to')
  const key = importVerificationKey({ ...jwk, kid: thumbprint, alg })?.key
  if (key === undefined) return refuse('carries a key that is weak or does not fit its algorithm')
  if (!isSignatureValid(alg, key, signingInput, signature))
    return refuse('has a signature that does not verify')
  return checkClaims(payload, expected)
}

function checkClaims(
  { htm, htu, iat, jti, ath, nonce }: JsonObject,
  expected: ProofExpectation,
): Result<CheckedProof, string> {
  if (htm !== expected.method) return refuse('is for another method')
  const target = withoutQuery(expected.url)
  if (target === undefined || withoutQuery(htu) !== target) return refuse('is for another URL')
  if (!isNumericDate(iat) || Math.abs(expected.nowSeconds - iat) > expected.windowSeconds)
    return refuse('was not made just now')
  if (typeof jti !== 'string' || jti === '' || jti.length > maxJtiLength) return refuse('has no usable jti')
  if (ath !== createHash('sha256').update(expected.accessToken).digest('base64url'))
    return refuse('is for another access token')
  return pass({ jti, nonce })
}

/** URLs are compared after normalisation (RFC 3986 §6.2.2 and §6.2.3), as `URL` does it. */
function withoutQuery(value: Json | undefined): string | undefined {
  if (typeof value !== 'string' || !URL.canParse(value)) return undefined
  const { origin, pathname } = new URL(value)
  return `${origin}${pathname}`
}

function refuse(fault: string): Result<never, string> {
  return fail(`the DPoP proof ${fault}`)
}
