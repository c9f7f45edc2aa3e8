import type { Telemetry } from '@behalf/core'
import type { CacheStatistics } from '../exchange/token-acquisition.ts'

/** Has a client's cache looked at when metrics are collected, so that a token from it costs nothing more. */
export function observeCache(
  telemetry: Telemetry | undefined,
  clientId: string,
  statistics: () => CacheStatistics,
): void {
  const client = { 'behalf.client.id': clientId }
  telemetry?.observe('behalf.client.tokens', () => {
    const { hits, storeHits, joined, misses } = statistics()
    const counts = { memory: hits, store: storeHits, joined, server: misses }
    return Object.entries(counts).map(([source, value]) => ({
      value,
      attributes: { ...client, 'behalf.source': source },
    }))
  })
  telemetry?.observe('behalf.client.cache.tokens', () => [
    { value: statistics().entries, attributes: client },
  ])
}
