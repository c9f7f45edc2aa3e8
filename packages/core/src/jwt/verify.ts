import type { Clock } from '../clock.ts'
import type { Json, JsonObject } from '../json/json.ts'
import { isKeyId } from '../jwks/jwk.ts'
import type { KeyLookup } from '../jwks/key-cache.ts'
import { isSignatureAlgorithm, type SignatureAlgorithm } from '../jws/algorithms.ts'
import { type CompactJws, parseCompactJws } from '../jws/compact.ts'
import { isSignatureValid } from '../jws/signature.ts'
import { isNumericDate } from './numeric-date.ts'

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
  readonly algorithms: readonly SignatureAlgorithm[]
  /** How far this machine's clock may be behind the issuer's, for `nbf` and `iat`; `exp` gets no leeway. */
  readonly leewaySeconds: number
  readonly keys: KeySource
}

/** Why a JWT was refused. */
export type JwtFault =
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

/** A JWT whose signature, issuer, audience, times and type hold. */
export interface VerifiedJwt {
  readonly header: JsonObject
  readonly claims: JsonObject
  readonly issuer: string
  readonly audiences: readonly string[]
  /** `exp`, in seconds since the epoch. */
  readonly expiresAt: number
}

/** A verified JWT, or why it was refused. */
export type JwtOutcome =
  | { readonly ok: true; readonly jwt: VerifiedJwt }
  | { readonly ok: false; readonly fault: JwtFault; readonly detail?: string }

/** What {@link createJwtVerifier} needs. */
export interface JwtVerifierOptions {
  readonly issuers: readonly TrustedIssuer[]
  readonly clock: Clock
  /** The longest token that is looked at, in bytes of its compact form. */
  readonly maxBytes: number
}

/** Verifies one JWT; never throws because of the token. */
export type JwtVerifier = (token: string) => Promise<JwtOutcome>

/** The leeway for `nbf` and `iat` unless configured otherwise. */
export const defaultLeewaySeconds = 60

/**
 * Makes the verification of access tokens in JWT form that hook and API B share: one of the issuers by exact
 * `iss`, an algorithm that this issuer is trusted with, a key that this issuer publishes under the `kid` for
 * this algorithm, the signature, `aud`, `exp` (required), `nbf`, `iat`, and `typ` (absent, `JWT` or `at+jwt`).
 * It ignores `jku`, `jwk`, `x5u` and `x5c`, and does not judge `sub`, scopes or any other claim.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8725
 * @see https://www.rfc-editor.org/rfc/rfc9068#section-4
 */
export function createJwtVerifier({ issuers, clock, maxBytes }: JwtVerifierOptions): JwtVerifier {
  const trusted = new Map(issuers.map((issuer) => [issuer.issuer, issuer]))
  return async (token) => {
    const parsed = parseCompactJws(token, maxBytes)
    if (!parsed.ok) return refuse(parsed.fault, parsed.detail)
    const { jws } = parsed
    const { iss } = jws.payload
    const issuer = typeof iss === 'string' ? trusted.get(iss) : undefined
    if (issuer === undefined) return refuse('issuer_untrusted')
    const fault = (await verifySignature(jws, issuer)) ?? checkClaims(jws.payload, issuer, clock.now() / 1000)
    if (fault !== undefined) return fault
    return accept(jws, issuer)
  }
}

type Refusal = Extract<JwtOutcome, { ok: false }>

function refuse(fault: JwtFault, detail?: string): Refusal {
  return detail === undefined ? { ok: false, fault } : { ok: false, fault, detail }
}

async function verifySignature(jws: CompactJws, issuer: TrustedIssuer): Promise<Refusal | undefined> {
  const { alg, kid, crit, b64, typ } = jws.header
  if (!isSignatureAlgorithm(alg) || !issuer.algorithms.includes(alg)) return refuse('algorithm_unsupported')
  // RFC 7515 §4.1.11: an extension that is not understood refuses the token, and none is understood here.
  if (crit !== undefined || b64 !== undefined) return refuse('malformed', 'its header has crit or b64')
  if (!isAccessTokenType(typ)) return refuse('type_unsupported', 'its typ is another than at+jwt or JWT')
  if (!isKeyId(kid)) return refuse('key_unknown', 'its header has no usable kid')
  const found = issuer.keys.find(kid, alg)
  const lookup = found instanceof Promise ? await found : found
  switch (lookup.kind) {
    case 'unavailable':
      return refuse('keys_unavailable')
    case 'unknown':
      return refuse('key_unknown')
    case 'unsuitable':
      return refuse('algorithm_unsupported', 'its key is published for another algorithm')
    case 'found': {
      const { signingInput, signature } = jws
      return lookup.keys.some(({ key }) => isSignatureValid(alg, key, signingInput, signature))
        ? undefined
        : refuse('signature_invalid')
    }
  }
}

function checkClaims(claims: JsonObject, issuer: TrustedIssuer, nowSeconds: number): Refusal | undefined {
  const { aud, exp, nbf, iat } = claims
  if (!listAudiences(aud).some((audience) => issuer.audiences.includes(audience)))
    return refuse('audience_mismatch')
  if (!isNumericDate(exp)) return refuse('malformed', 'exp is missing or not a NumericDate')
  if (exp <= nowSeconds) return refuse('expired')
  for (const [name, date] of Object.entries({ nbf, iat })) {
    if (date === undefined) continue
    if (!isNumericDate(date)) return refuse('malformed', `${name} is not a NumericDate`)
    if (date > nowSeconds + issuer.leewaySeconds) return refuse('not_yet_valid', `${name} is in the future`)
  }
  return undefined
}

function accept({ header, payload }: CompactJws, { issuer }: TrustedIssuer): JwtOutcome {
  const expiresAt = Number(payload['exp'])
  return {
    ok: true,
    jwt: { header, claims: payload, issuer, audiences: listAudiences(payload['aud']), expiresAt },
  }
}

/** An `aud` of any other shape than a string or strings names no audience. */
function listAudiences(aud: Json | undefined): readonly string[] {
  if (typeof aud === 'string') return [aud]
  return Array.isArray(aud) && aud.every((audience) => typeof audience === 'string') ? aud : []
}

/** Media types compare without case; `application/` may be left out (RFC 7515 §4.1.9). */
function isAccessTokenType(typ: Json | undefined): boolean {
  if (typ === undefined) return true
  return typeof typ === 'string' && /^(application\/)?(at\+)?jwt$/i.test(typ)
}
