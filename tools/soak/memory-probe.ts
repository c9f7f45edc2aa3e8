/** Loaded into the process under load: tells on request what its memory is after a collection. */

/** What a process holds, in bytes, and how many sockets, timers and the like it has open. */
export interface MemoryReport {
  readonly heap: number
  readonly rss: number
  readonly resources: number
}

process.on('message', () => {
  globalThis.gc?.()
  globalThis.gc?.()
  const { heapUsed, external, rss } = process.memoryUsage()
  process.send?.({ heap: heapUsed + external, rss, resources: process.getActiveResourcesInfo().length })
})
process.channel?.unref()
