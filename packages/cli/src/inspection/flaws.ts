import { errorTable, type Json, type JsonObject, readDelegatedToken } from '@behalf/core'
import { isNumericDate, isSignatureAlgorithm, type JwtFaultCode } from '@behalf/core/internal'
import { kindOf } from './kind.ts'

/** One thing that is wrong with a token, without any value of it. */
export interface Flaw {
  /** Stable and machine-readable. */
  readonly code: string
  readonly problem: string
  /** What to do about it. */
  readonly remedy: string
}

const clockToleranceSeconds = 60
const maxActorDepth = 16

/** Says what is wrong with a token that anybody can see who decodes it. The signature is not looked at. */
export function visibleFlaws(header: JsonObject, claims: JsonObject, nowSeconds: number): Flaw[] {
  return [...headerFlaws(header), ...timeFlaws(claims, nowSeconds), ...delegationFlaws(claims, nowSeconds)]
}

function headerFlaws({ alg, kid, crit, b64, typ }: JsonObject): Flaw[] {
  const flaws: Flaw[] = []
  if (!isSignatureAlgorithm(alg)) flaws.push(verificationFlaws.algorithm_unsupported)
  if (typeof kid !== 'string' || kid === '') flaws.push(verificationFlaws.key_unknown)
  if (crit !== undefined || b64 !== undefined) {
    flaws.push({
      code: 'malformed',
      problem: 'the header has crit or b64, which asks for extensions that are not supported',
      remedy: 'let the issuer sign plain JWTs',
    })
  }
  if (typ !== undefined && !isAccessTokenType(typ)) flaws.push(verificationFlaws.type_unsupported)
  return flaws
}

/** @see https://www.rfc-editor.org/rfc/rfc9068#section-2.1 */
function isAccessTokenType(typ: Json): boolean {
  return typeof typ === 'string' && /^(JWT|(application\/)?at\+jwt)$/i.test(typ)
}

function timeFlaws({ exp, nbf, iat }: JsonObject, nowSeconds: number): Flaw[] {
  const flaws: Flaw[] = []
  if (!isNumericDate(exp)) {
    flaws.push({
      code: 'malformed',
      problem: 'exp is missing or no number, so the token would never end',
      remedy: 'let the issuer set exp, in seconds since the epoch',
    })
  } else if (exp <= nowSeconds) flaws.push(verificationFlaws.expired)
  const notYet = [nbf, iat].some((time) => isNumericDate(time) && time > nowSeconds + clockToleranceSeconds)
  if (notYet) flaws.push(verificationFlaws.not_yet_valid)
  return flaws
}

function delegationFlaws(claims: JsonObject, nowSeconds: number): Flaw[] {
  if (kindOf(claims) !== 'delegated') return []
  const read = readDelegatedToken(claims, { nowSeconds, maxActorDepth })
  if (read.ok || (read.fault.code === 'token_expired' && Number(claims['exp']) <= nowSeconds)) return []
  const { code, detail } = read.fault
  const { sentence } = errorTable[code]
  return [
    {
      code,
      problem: detail === undefined ? sentence : `${sentence} (${detail})`,
      remedy: 'API B refuses it; let API A obtain a new one through the hook',
    },
  ]
}

/** What each fault of a verification means to whoever holds the token. */
export const verificationFlaws: Readonly<Record<JwtFaultCode, Flaw>> = {
  too_large: {
    code: 'too_large',
    problem: 'it is larger than any token that is accepted',
    remedy: 'let the issuer put fewer claims into it',
  },
  encrypted: {
    code: 'encrypted',
    problem: 'it is encrypted (a JWE of five parts), so nobody but its recipient can read it',
    remedy: 'turn off access token encryption for the application that obtained it',
  },
  malformed: {
    code: 'malformed',
    problem: 'it is not a well-formed signed JWT',
    remedy: 'check that it was copied whole, without line breaks',
  },
  issuer_untrusted: {
    code: 'issuer_untrusted',
    problem: 'iss is not the issuer that was given, character by character',
    remedy: 'compare both, down to a slash at the end',
  },
  algorithm_unsupported: {
    code: 'algorithm_unsupported',
    problem: 'its algorithm is none that is accepted',
    remedy: 'let the issuer sign with RS256, as Okta does; nothing else is proof of who issued it',
  },
  type_unsupported: {
    code: 'type_unsupported',
    problem: 'typ says that it is no access token',
    remedy: 'use the access token, not an ID token or a logout token',
  },
  key_unknown: {
    code: 'key_unknown',
    problem: 'its kid is missing or names no key that the issuer publishes',
    remedy: 'check that the token is of this issuer, and that its keys were not rotated away',
  },
  keys_unavailable: {
    code: 'keys_unavailable',
    problem: "the issuer's keys could not be obtained",
    remedy: 'check the issuer and the way to it',
  },
  signature_invalid: {
    code: 'signature_invalid',
    problem: 'the signature does not verify: it was changed, or another key signed it',
    remedy: 'do not trust any of its claims',
  },
  audience_mismatch: {
    code: 'audience_mismatch',
    problem: 'aud does not name the audience that was given',
    remedy: 'it is meant for another API',
  },
  expired: { code: 'expired', problem: 'it has expired', remedy: 'obtain a new one' },
  not_yet_valid: {
    code: 'not_yet_valid',
    problem: 'nbf or iat is in the future',
    remedy: "compare this machine's clock with the issuer's",
  },
}
