import type { Clock, Fetch, Result, Telemetry } from '@behalf/core'
import {
  asOperation,
  type FetchFault,
  fail,
  fetchJson,
  findSealingKey,
  KeptFresh,
  keyFetch,
  pass,
  resolveKeyLimits,
  type SealingKey,
} from '@behalf/core/internal'

/** Why there is no key to seal for. */
export interface KeyFault {
  /** Safe to log. */
  readonly detail: string
  /** The network's own code, when there is one. */
  readonly causeCode: string | undefined
  /** Set when it stays so until somebody changes something. */
  readonly permanent: boolean
  /** Whether asking again within the same exchange is worth while. */
  readonly passes: boolean
}

/** Where the key comes from that assertions are sealed for. */
export interface KeySource {
  current(): Promise<Result<SealingKey, KeyFault>>
  /** Asks for the key anew, because the hook does not have the current one; false when that brought no answer. */
  renew(): Promise<boolean>
}

/** What fetching published keys needs. */
export interface PublishedKeyOptions {
  readonly jwksUri: string
  readonly fetch: Fetch
  readonly clock: Clock
  /** For one exchange with all its attempts. */
  readonly timeoutMs: number
  readonly telemetry?: Telemetry | undefined
}

const maxFetchMs = 4_000
const late: FetchFault = { detail: 'did not answer in time' }

/** Gives the one key that is configured. */
export function configuredKey(key: SealingKey): KeySource {
  return { current: async () => pass(key), renew: async () => false }
}

/** Gives the key that the hook publishes, kept fresh as an issuer's keys are. Redirects are not followed. */
export function publishedKey({
  jwksUri,
  fetch,
  clock,
  timeoutMs,
  telemetry,
}: PublishedKeyOptions): KeySource {
  const {
    maxBytes,
    unknownKeyCooldownMs,
    waitMs: _,
    ...limits
  } = resolveKeyLimits({
    // Who asks makes pauses of its own.
    retryAfterMs: 0,
    // A hook that hangs is to be the reason of the failure, and not that the exchange took too long.
    fetchTimeoutMs: Math.min(maxFetchMs, timeoutMs / 2),
  })
  const fetchKey = async (signal: AbortSignal): Promise<Result<SealingKey, FetchFault>> => {
    const answer = await fetchJson(jwksUri, { fetch, signal, maxBytes })
    if (!answer.ok) return answer
    const key = findSealingKey(answer.value)
    return key === undefined ? fail({ detail: 'holds no key of use enc on P-256' }) : pass(key)
  }
  const kept = new KeptFresh<SealingKey, FetchFault>({
    ...limits,
    missCooldownMs: unknownKeyCooldownMs,
    clock,
    fetch: (signal) => asOperation(telemetry, keyFetch, () => fetchKey(signal)),
    lateFault: () => late,
  })
  return {
    async current() {
      const key = await kept.fresh()
      if (key !== undefined) return pass(key)
      const { fault = late } = kept
      const permanent = fault.permanent === true
      return fail({
        detail: `the key set of seal.jwksUri ${fault.detail}`,
        causeCode: fault.code,
        permanent,
        passes: fault !== late && !permanent,
      })
    },
    renew: () => kept.askAgain(),
  }
}
