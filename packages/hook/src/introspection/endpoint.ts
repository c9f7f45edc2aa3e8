import type { Clock, DocumentFetch, Result } from '@behalf/core'
import { discoverEndpoint, type FetchFault, fail, fetchJson, KeptFresh, pass } from '@behalf/core/internal'

/** How an issuer's metadata is asked. */
export interface MetadataAccess {
  readonly fetch: DocumentFetch
  readonly insecureHosts: readonly string[]
  readonly clock: Clock
}

const maxMetadataBytes = 262_144
/** Well inside the time that a question has. */
const fetchTimeoutMs = 700

/**
 * Keeps where an issuer is asked about its tokens, as its metadata says; an Okta authorization server without metadata is
 * asked where Okta has the endpoint.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8414#section-2
 */
export function introspectionEndpoint(
  issuer: string,
  { fetch, insecureHosts, clock }: MetadataAccess,
): KeptFresh<string, string> {
  const hosts = new Set(insecureHosts)
  const discover = async (signal: AbortSignal): Promise<Result<string, string>> => {
    const getJson = (url: string) => fetchJson(url, { fetch, signal, maxBytes: maxMetadataBytes })
    const found: Result<string, FetchFault> = await discoverEndpoint(
      issuer,
      'introspection_endpoint',
      getJson,
      hosts,
    )
    return found.ok ? pass(found.value) : fail(found.fault.detail)
  }
  return new KeptFresh({
    maxAgeMs: 600_000,
    refreshAfterMs: 300_000,
    staleForMs: 86_400_000,
    retryAfterMs: 1_000,
    missCooldownMs: 0,
    fetchTimeoutMs,
    fetch: discover,
    lateFault: () => "the issuer's metadata did not arrive in time",
    clock,
  })
}
