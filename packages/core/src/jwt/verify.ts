import type { NetworkFault } from '../http/network-fault.ts'
import { firstClaim } from '../issuer/dialect.ts'
import { deepFreeze } from '../json/deep-freeze.ts'
import type { Json, JsonObject } from '../json/json.ts'
import { isNumericDate } from '../json/numeric-date.ts'
import { isKeyId, type VerificationKey } from '../jwks/jwk.ts'
import type { KeyLookup } from '../jwks/key-cache.ts'
import { isSignatureAlgorithm, type SignatureAlgorithm } from '../jws/algorithms.ts'
import { type CompactJws, parseCompactJws } from '../jws/compact.ts'
import { createHeaderDecoder } from '../jws/json-part.ts'
import { isSignatureValid } from '../jws/signature.ts'
import { fail, pass, type Result } from '../result.ts'
import type { Clock } from '../time/clock.ts'
import { type SignedToken, type TokenDigest, VerifiedTokens } from './verified-tokens.ts'

/** Where the keys of an issuer are found; {@link KeyCache} is one. */
export interface KeySource {
  find(kid: string, algorithm: SignatureAlgorithm): KeyLookup | Promise<KeyLookup>
}

/** An issuer whose tokens are accepted, and how. */
export interface TrustedIssuer {
  /** Compared with `iss` character by character. */
  readonly issuer: string
  /** At least one of them must be in `aud`. */
  readonly audiences: readonly string[]
  /** Where its tokens say whom they are for: the first of these that is there. `aud` by default. */
  readonly audienceClaims?: readonly string[] | undefined
  readonly algorithms: readonly SignatureAlgorithm[]
  /** How far this machine's clock may be behind the issuer's, for `nbf` and `iat`; `exp` gets none. */
  readonly clockToleranceSeconds: number
  readonly keys: KeySource
}

/** What was wrong with a JWT. */
export type JwtFaultCode =
  | 'too_large'
  | 'encrypted'
  | 'malformed'
  | 'issuer_untrusted'
  | 'algorithm_unsupported'
  | 'type_unsupported'
  | 'key_unknown'
  | 'keys_unavailable'
  | 'signature_invalid'
  | 'audience_mismatch'
  | 'expired'
  | 'not_yet_valid'

/** Why a JWT was refused. */
export interface JwtFault {
  readonly code: JwtFaultCode
  /** What exactly was wrong, in words that are safe to log. */
  readonly detail?: string
  /** Why keys are unavailable, when that is known. */
  readonly cause?: NetworkFault
}

/** A JWT whose signature, issuer, audience, times and type hold. */
export interface VerifiedJwt {
  readonly header: JsonObject
  readonly claims: JsonObject
  readonly issuer: string
  /** Those of the trusted audiences that it is for, at least one. */
  readonly audiences: readonly string[]
  /** `exp`, in seconds since the epoch. */
  readonly expiresAt: number
}

/** What {@link createJwtVerifier} needs. */
export interface JwtVerifierOptions {
  readonly issuers: readonly TrustedIssuer[]
  readonly clock: Clock
  /** The longest token that is looked at, in bytes of its compact form. */
  readonly maxBytes: number
  /** Where tokens whose signature held are remembered, by this verifier alone. Without it none are. */
  readonly verifiedTokens?: VerifiedTokens | undefined
}

/** Verifies one JWT, at once while the keys are at hand; never throws because of the token. */
export type JwtVerifier = (
  token: string,
) => Result<VerifiedJwt, JwtFault> | Promise<Result<VerifiedJwt, JwtFault>>

/** The clock tolerance for `nbf` and `iat` unless configured otherwise. */
export const defaultClockToleranceSeconds = 60

/**
 * Makes the verification of access tokens in JWT form that hook and API B share: one of the issuers by exact
 * `iss`, an algorithm that this issuer is trusted with, a key that this issuer publishes under the `kid` for
 * this algorithm, the signature, `aud`, `exp` (required), `nbf`, `iat`, and `typ` (absent, `JWT` or `at+jwt`).
 * It ignores `jku`, `jwk`, `x5u` and `x5c`, and does not judge `sub`, scopes or any other claim.
 *
 * A token that is remembered is spared the parsing and the arithmetic of its signature, and nothing else: that its key is
 * still published, its times and its audience are judged anew. Its claims are frozen, because all who bring it share them.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8725
 * @see https://www.rfc-editor.org/rfc/rfc9068#section-4
 */
export function createJwtVerifier(options: JwtVerifierOptions): JwtVerifier {
  const { issuers, clock, maxBytes, verifiedTokens } = options
  const trusted = new Map(issuers.map((issuer) => [issuer.issuer, issuer]))
  const decodeHeader = createHeaderDecoder()

  const verifyAnew = (token: string, digest?: TokenDigest): ReturnType<JwtVerifier> => {
    const parsed = parseCompactJws(token, maxBytes, decodeHeader)
    if (!parsed.ok) return parsed
    const jws = parsed.value
    const { iss } = jws.payload
    const issuer = typeof iss === 'string' ? trusted.get(iss) : undefined
    if (issuer === undefined) return refuse('issuer_untrusted')
    const signer = readSigner(jws.header, issuer)
    if (!signer.ok) return signer
    const check = (lookup: KeyLookup): Result<VerifiedJwt, JwtFault> => {
      const key = findSigningKey(jws, signer.value.algorithm, lookup)
      if (!key.ok) return key
      const { header, payload: claims } = jws
      const { thumbprint } = key.value
      const signed = { header, claims, issuer: issuer.issuer, ...signer.value, thumbprint }
      const outcome = checkClaims(signed, issuer, clock.now() / 1000)
      if (outcome.ok && digest !== undefined) {
        deepFreeze(claims)
        verifiedTokens?.remember(digest, token.length, signed)
      }
      return outcome
    }
    const lookup = issuer.keys.find(signer.value.kid, signer.value.algorithm)
    return 'kind' in lookup ? check(lookup) : lookup.then(check)
  }
  if (verifiedTokens === undefined) return (token) => verifyAnew(token)

  return (token) => {
    if (token.length > maxBytes) return verifyAnew(token)
    const digest = VerifiedTokens.digest(token)
    const known = verifiedTokens.find(digest)
    const issuer = known === undefined ? undefined : trusted.get(known.issuer)
    if (known === undefined || issuer === undefined) return verifyAnew(token, digest)
    const check = (lookup: KeyLookup): ReturnType<JwtVerifier> => {
      if (lookup.kind !== 'found') return refuseWithoutKey(lookup)
      if (lookup.keys.some(({ thumbprint }) => thumbprint === known.thumbprint)) {
        const outcome = checkClaims(known, issuer, clock.now() / 1000)
        if (!outcome.ok) verifiedTokens.forget(digest)
        return outcome
      }
      verifiedTokens.forget(digest)
      return verifyAnew(token, digest)
    }
    const lookup = issuer.keys.find(known.kid, known.algorithm)
    return 'kind' in lookup ? check(lookup) : lookup.then(check)
  }
}

type Refusal = Result<never, JwtFault>

function refuse(code: JwtFaultCode, detail?: string): Refusal {
  return fail(detail === undefined ? { code } : { code, detail })
}

/** Which key the header says has signed, unless something else in it refuses the token. */
function readSigner(
  { alg, kid, crit, b64, typ }: JsonObject,
  { algorithms }: TrustedIssuer,
): Result<{ readonly kid: string; readonly algorithm: SignatureAlgorithm }, JwtFault> {
  if (!isSignatureAlgorithm(alg) || !algorithms.includes(alg)) return refuse('algorithm_unsupported')
  // RFC 7515 §4.1.11: an extension that is not understood refuses the token, and none is understood here.
  if (crit !== undefined || b64 !== undefined) return refuse('malformed', 'its header has crit or b64')
  if (!isAccessTokenType(typ)) return refuse('type_unsupported', 'its typ is another than at+jwt or JWT')
  if (!isKeyId(kid)) return refuse('key_unknown', 'its header has no usable kid')
  return pass({ kid, algorithm: alg })
}

function findSigningKey(
  { signingInput, signature }: CompactJws,
  algorithm: SignatureAlgorithm,
  lookup: KeyLookup,
): Result<VerificationKey, JwtFault> {
  if (lookup.kind !== 'found') return refuseWithoutKey(lookup)
  const signing = lookup.keys.find(({ key }) => isSignatureValid(algorithm, key, signingInput, signature))
  return signing === undefined ? refuse('signature_invalid') : pass(signing)
}

function refuseWithoutKey(lookup: Exclude<KeyLookup, { readonly kind: 'found' }>): Refusal {
  switch (lookup.kind) {
    case 'unavailable': {
      const { fault: cause } = lookup
      return fail({ code: 'keys_unavailable', ...(cause && { detail: cause.detail, cause }) })
    }
    case 'unknown':
      return refuse('key_unknown')
    case 'unsuitable':
      return refuse('algorithm_unsupported', 'its key is published for another algorithm')
  }
}

function checkClaims(
  { header, claims }: Pick<SignedToken, 'header' | 'claims'>,
  trusted: TrustedIssuer,
  nowSeconds: number,
): Result<VerifiedJwt, JwtFault> {
  const { aud, exp, nbf, iat } = claims
  const named = trusted.audienceClaims === undefined ? aud : firstClaim(trusted.audienceClaims, claims)
  // Only what is trusted is handed on: an issuer may name whom it likes, and is believed about these alone.
  const audiences = listAudiences(named).filter((audience) => trusted.audiences.includes(audience))
  if (audiences.length === 0) return refuse('audience_mismatch')
  if (!isNumericDate(exp)) return refuse('malformed', 'exp is missing or not a NumericDate')
  if (exp <= nowSeconds) return refuse('expired')
  const latest = nowSeconds + trusted.clockToleranceSeconds
  const early = checkReached('nbf', nbf, latest) ?? checkReached('iat', iat, latest)
  if (early !== undefined) return early
  return pass({ header, claims, issuer: trusted.issuer, audiences, expiresAt: exp })
}

function checkReached(name: string, date: Json | undefined, latest: number): Refusal | undefined {
  if (date === undefined) return undefined
  if (!isNumericDate(date)) return refuse('malformed', `${name} is not a NumericDate`)
  return date > latest ? refuse('not_yet_valid', `${name} is in the future`) : undefined
}

/** An `aud` of any other shape than a string or strings names no audience. */
function listAudiences(aud: Json | undefined): readonly string[] {
  if (typeof aud === 'string') return [aud]
  // Copied, because that of a remembered token is frozen, and V8 takes several times as long over what is.
  const listed = Array.isArray(aud) ? [...aud] : []
  return listed.every((audience) => typeof audience === 'string') ? listed : []
}

/** Media types compare without case; `application/` may be left out (RFC 7515 §4.1.9). */
function isAccessTokenType(typ: Json | undefined): boolean {
  if (typ === undefined) return true
  return typeof typ === 'string' && /^(application\/)?(at\+)?jwt$/i.test(typ)
}
