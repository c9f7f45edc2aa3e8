import type { Clock, Fetch, Result } from '@behalf/core'
import { discoverEndpoint, type FetchFault, fetchJson } from '@behalf/core/internal'

/** What the discovery of a token endpoint needs. */
export interface LocationOptions {
  readonly issuer: string
  readonly fetch: Fetch
  readonly clock: Clock
  readonly timeoutMs: number
}

const maxBytes = 262_144

/** Finds an issuer's token endpoint once, by one discovery at a time; a failed discovery is forgotten. */
export function createTokenEndpointLocation(
  options: LocationOptions,
): () => Promise<Result<string, FetchFault>> {
  let discovery: Promise<Result<string, FetchFault>> | undefined
  return () => {
    discovery ??= discover(options).then((outcome) => {
      if (!outcome.ok) discovery = undefined
      return outcome
    })
    return discovery
  }
}

async function discover({
  issuer,
  fetch,
  clock,
  timeoutMs,
}: LocationOptions): Promise<Result<string, FetchFault>> {
  const abort = new AbortController()
  const cancelTimeout = clock.schedule(() => abort.abort(), timeoutMs)
  try {
    return await discoverEndpoint(issuer, 'token_endpoint', (url) =>
      fetchJson(url, { fetch, signal: abort.signal, maxBytes }),
    )
  } finally {
    cancelTimeout()
  }
}
