import type { Json } from '@behalf/core'
import { isJsonObject } from '@behalf/core/internal'
import { TokenError } from '../token-error.ts'
import { checkProof } from './proof.ts'
import { ReplayCache } from './replay-cache.ts'

/** What remembers proofs of this process against replay. */
export interface ReplayCacheOptions {
  /** How many; beyond that no proof is accepted, so that none can be crowded out. Default 250 000. */
  readonly maxEntries?: number
}

/** How tokens that are bound to a key are accepted. */
export interface DpopOptions {
  /**
   * The URL under which clients call this API, such as `https://b.example.com`; with a path when a proxy
   * strips one. It is configured because the `Host` header belongs to the caller.
   */
  readonly baseUrl: string
  /** Whether tokens that are bound to no key are refused. Default false. */
  readonly required?: boolean
  /** How far a proof's `iat` may be from this machine's clock, either way, in seconds. 1 to 300. Default 60. */
  readonly proofWindowSeconds?: number
  /** What remembers proofs, so that each is accepted once. */
  readonly replayCache?: ReplayCacheOptions
}

/** A DPoP proof and the request that it came with. */
export interface PresentedProof {
  /** The header `DPoP`. */
  readonly proof: string
  readonly method: string
  /** The request's target: a path, or a URL of which only the path counts. */
  readonly url: string
  /** The framework's object for that request: the same proof with the same object again is no replay. */
  readonly origin?: object
}

/** A token and what it says of the key that it is bound to. */
interface BoundToken {
  readonly token: string
  /** The claim `cnf`. */
  readonly cnf: Json | undefined
  readonly nowSeconds: number
}

/** Says why the caller has not shown possession of the key that a token is bound to; undefined when it has. */
export type PossessionCheck = (
  token: BoundToken,
  presented: PresentedProof | undefined,
) => TokenError | undefined

/**
 * Makes the check that a bound token comes with its proof, and each proof once. A bound token is refused
 * without one, also where DPoP is not configured, and so is any other binding than DPoP's.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-7
 */
export function createPossessionCheck(options: DpopOptions | undefined): PossessionCheck {
  const { proofWindowSeconds: windowSeconds = 60, replayCache = {} } = options ?? {}
  // A proof from the edge of the future stays valid for twice the window.
  const seen = new ReplayCache(2 * windowSeconds + 1, replayCache.maxEntries ?? 250_000)
  const acceptedWith = new WeakMap<object, string>()
  return ({ token, cnf, nowSeconds }, presented) => {
    if (cnf === undefined) {
      if (presented !== undefined)
        return refuseToken('a DPoP proof came with a token that is bound to no key')
      return options?.required ? refuseToken('the token is bound to no key') : undefined
    }
    if (options === undefined) return refuseToken('the token is bound to a key and DPoP is not configured')
    const thumbprint = readThumbprint(cnf)
    if (thumbprint === undefined) return refuseToken('the token is bound in another way than DPoP')
    if (presented === undefined) return refuseToken('the token is bound to a key and came without a proof')
    const url = targetUrl(options.baseUrl, presented.url)
    const expected = {
      accessToken: token,
      thumbprint,
      method: presented.method,
      url,
      nowSeconds,
      windowSeconds,
    }
    const proof = checkProof(presented.proof, expected)
    if (!proof.ok) return refuseProof(proof.fault)
    const { origin } = presented
    if (origin !== undefined && acceptedWith.get(origin) === presented.proof) return undefined
    switch (seen.remember(thumbprint, proof.value, nowSeconds)) {
      case 'new':
        if (origin !== undefined) acceptedWith.set(origin, presented.proof)
        return undefined
      case 'replayed':
        return refuseProof('the DPoP proof was used before')
      case 'full':
        // Neither another token nor another proof would help.
        return new TokenError('overloaded', {
          detail: 'no more DPoP proofs can be remembered for now; raise dpop.replayCache.maxEntries',
        })
    }
  }
}

function readThumbprint(cnf: Json): string | undefined {
  if (!isJsonObject(cnf) || Object.keys(cnf).length !== 1) return undefined
  return typeof cnf['jkt'] === 'string' ? cnf['jkt'] : undefined
}

/** Joined as strings, because a path that begins with `//` would otherwise name a host. */
function targetUrl(baseUrl: string, url: string): string {
  const path = !url.startsWith('/') && URL.canParse(url) ? new URL(url).pathname : url
  return `${baseUrl.replace(/\/$/, '')}${path}`
}

function refuseToken(detail: string): TokenError {
  return new TokenError('token_invalid', { detail })
}

function refuseProof(detail: string): TokenError {
  return new TokenError('token_invalid', { detail, challengeError: 'invalid_dpop_proof' })
}
