import type { Clock, Json } from '@behalf/core'
import { isJsonObject } from '@behalf/core/internal'
import { TokenError } from '../token-error.ts'
import { createNonces, type NonceOptions } from './nonces.ts'
import { checkProof } from './proof.ts'
import { proofId, ReplayCache } from './replay-cache.ts'
import { type ReplayStore, rememberShared } from './shared-replay-store.ts'

/** What remembers proofs against replay: this process, or a store that several share. */
export interface ReplayCacheOptions {
  /** How many this process remembers; beyond that no proof is accepted, so that none can be crowded out. Default 250 000. */
  readonly maxEntries?: number
  /** What remembers them for all instances, in place of this process. A store that fails refuses the request. */
  readonly store?: ReplayStore
  /** How long the store may take, in milliseconds, before the request is refused. 1 to 10 000. Default 500. */
  readonly storeTimeoutMs?: number
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
  /**
   * Demands a nonce of ours in each proof, so that none can be made ahead: a proof without a fresh one is answered 401 with
   * `use_dpop_nonce` and `DPoP-Nonce`. Default: no nonces.
   */
  readonly nonces?: NonceOptions
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
) => TokenError | undefined | Promise<TokenError | undefined>

/** How far clocks of the instances that share a store may be apart. */
const clocksApartSeconds = 60

/**
 * Makes the check that a bound token comes with its proof, and each proof once. A bound token is refused
 * without one, also where DPoP is not configured, and so is any other binding than DPoP's.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-7
 */
export function createPossessionCheck(options: DpopOptions | undefined, clock: Clock): PossessionCheck {
  const { proofWindowSeconds: windowSeconds = 60, replayCache = {} } = options ?? {}
  const { store, storeTimeoutMs: timeoutMs = 500 } = replayCache
  const nonces = options?.nonces === undefined ? undefined : createNonces(options.nonces)
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
    const { jti, nonce } = proof.value
    if (nonces?.accepts(nonce, nowSeconds) === false) return askForNonce(nonces.make(nowSeconds))
    const { origin } = presented
    if (origin !== undefined && acceptedWith.get(origin) === presented.proof) return undefined
    const settle = (remembered: 'new' | 'replayed' | 'full' | 'unknown'): TokenError | undefined => {
      if (remembered !== 'new') return refusals[remembered]()
      if (origin !== undefined) acceptedWith.set(origin, presented.proof)
      return undefined
    }
    if (store === undefined) return settle(seen.remember(thumbprint, jti, nowSeconds))
    const limits = { ttlSeconds: 2 * windowSeconds + clocksApartSeconds, timeoutMs, clock }
    return rememberShared(store, proofId(thumbprint, jti), limits).then(settle)
  }
}

const refusals = {
  replayed: () => refuseProof('the DPoP proof was used before'),
  // Neither another token nor another proof would help.
  full: () =>
    new TokenError('overloaded', {
      detail: 'no more DPoP proofs can be remembered for now; raise dpop.replayCache.maxEntries',
    }),
  unknown: () => new TokenError('replay_store_unavailable'),
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

/** The proof is in order but for its nonce, which only we can give. */
function askForNonce(dpopNonce: string): TokenError {
  return new TokenError('token_invalid', {
    detail: 'the DPoP proof has no nonce of ours that is still accepted',
    challengeError: 'use_dpop_nonce',
    dpopNonce,
  })
}

function refuseProof(detail: string): TokenError {
  return new TokenError('token_invalid', { detail, challengeError: 'invalid_dpop_proof' })
}
