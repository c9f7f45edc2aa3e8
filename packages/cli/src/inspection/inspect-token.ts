import type { Actor, Clock, JsonObject } from '@behalf/core'
import {
  createJwtVerifier,
  defaultClockToleranceSeconds,
  type InsecureHosts,
  KeyCache,
  parseCompactJws,
} from '@behalf/core/internal'
import { readActors } from './actors.ts'
import { type Flaw, verificationFlaws, visibleFlaws } from './flaws.ts'
import { kindOf, type TokenKind } from './kind.ts'

/** What a token is verified against; without an issuer it is only decoded. */
export interface InspectionOptions {
  readonly clock: Clock
  readonly issuer?: string | undefined
  readonly audience?: string | undefined
  /** What may be spoken to over plain http, besides this machine. Default: nothing. */
  readonly insecureHosts?: InsecureHosts
}

/** What a token says and what is wrong with it. The signature is not in it. */
export interface Inspection {
  readonly kind: TokenKind
  readonly header: JsonObject
  readonly claims: JsonObject
  /** The current actor first; empty when nobody acts. */
  readonly actors: readonly Actor[]
  /** Whether the signature holds: only asked when an issuer was given. */
  readonly signature: 'verified' | 'refused' | 'unchecked'
  readonly flaws: readonly Flaw[]
}

const maxBytes = 65_536

/** Decodes a token, verifies it when an issuer is given, and says what is wrong with it. */
export async function inspectToken(token: string, options: InspectionOptions): Promise<Inspection> {
  const parsed = parseCompactJws(token, maxBytes)
  if (!parsed.ok) {
    const { problem, ...flaw } = verificationFlaws[parsed.fault.code]
    const flaws = [{ ...flaw, problem: `${problem} (${parsed.fault.detail})` }]
    return { kind: 'unknown', header: {}, claims: {}, actors: [], signature: 'unchecked', flaws }
  }
  const { header, payload: claims } = parsed.value
  const flaws = visibleFlaws(header, claims, options.clock.now() / 1000)
  const verified = await verify(token, claims, options)
  if (verified !== undefined && verified !== 'verified' && !flaws.some(({ code }) => code === verified.code))
    flaws.push(verified)
  if (options.issuer === undefined && options.audience !== undefined) {
    if (!audiencesOf(claims).includes(options.audience)) flaws.push(verificationFlaws.audience_mismatch)
  }
  return {
    kind: kindOf(claims),
    header,
    claims,
    actors: readActors(claims['act']),
    signature: verified === undefined ? 'unchecked' : verified === 'verified' ? 'verified' : 'refused',
    flaws,
  }
}

async function verify(
  token: string,
  claims: JsonObject,
  { issuer, audience, clock, insecureHosts = new Set() }: InspectionOptions,
): Promise<'verified' | Flaw | undefined> {
  if (issuer === undefined) return undefined
  const keys = new KeyCache({
    issuer,
    clock,
    waitMs: 10_000,
    fetchTimeoutMs: 10_000,
    insecureHosts: [...insecureHosts],
  })
  const { fault } = await keys.load()
  if (fault !== undefined) {
    const { problem, ...flaw } = verificationFlaws.keys_unavailable
    return { ...flaw, problem: `${problem}: ${fault}` }
  }
  const trusted = {
    issuer,
    // Without an audience to compare with, every audience of the token will do.
    audiences: audience === undefined ? audiencesOf(claims) : [audience],
    algorithms: ['RS256', 'ES256', 'PS256', 'EdDSA', 'Ed25519'] as const,
    clockToleranceSeconds: defaultClockToleranceSeconds,
    keys,
  }
  const outcome = await createJwtVerifier({ issuers: [trusted], clock, maxBytes })(token)
  return outcome.ok ? 'verified' : verificationFlaws[outcome.fault.code]
}

function audiencesOf({ aud }: JsonObject): readonly string[] {
  const audiences = Array.isArray(aud) ? aud : [aud]
  return audiences.filter((audience) => typeof audience === 'string')
}
