import type { Clock, Fetch, Result } from '@behalf/core'
import {
  discoverEndpoint,
  type FetchFault,
  fail,
  fetchJson,
  type InsecureHosts,
  KeptFresh,
  pass,
} from '@behalf/core/internal'

/** What the discovery of a token endpoint needs. */
export interface LocationOptions {
  readonly issuer: string
  readonly insecureHosts: InsecureHosts
  readonly fetch: Fetch
  readonly clock: Clock
  readonly timeoutMs: number
}

const maxBytes = 262_144
const hours = 3_600_000
const late: FetchFault = { detail: "the issuer's metadata did not answer in time" }

/** Finds an issuer's token endpoint and asks for it anew once a day; where it was serves while that fails. */
export function createTokenEndpointLocation({
  issuer,
  insecureHosts,
  fetch,
  clock,
  timeoutMs,
}: LocationOptions): () => Promise<Result<string, FetchFault>> {
  const location = new KeptFresh<string, FetchFault>({
    maxAgeMs: 24 * hours,
    refreshAfterMs: 12 * hours,
    staleForMs: Number.POSITIVE_INFINITY,
    // Who asks makes pauses of its own.
    retryAfterMs: 0,
    missCooldownMs: 0,
    fetchTimeoutMs: timeoutMs,
    clock,
    fetch: (signal) =>
      discoverEndpoint(
        issuer,
        'token_endpoint',
        (url) => fetchJson(url, { fetch, signal, maxBytes }),
        insecureHosts,
      ),
    lateFault: () => late,
  })
  return async () => {
    const url = await location.fresh()
    return url === undefined ? fail(location.fault ?? late) : pass(url)
  }
}
