import { setTimeout as delay } from 'node:timers/promises'
import type { Faults } from './faults.ts'

/** `fetch` as hooks are called with it while faults are in force. */
export function faultyFetch(call: typeof fetch, faults: Faults): typeof fetch {
  return async (input, init) => {
    if (faults.find('hook-unreachable') !== undefined)
      throw new TypeError('the hook is unreachable on demand')
    const slow = faults.find('hook-slow')
    if (slow !== undefined) {
      const signal = init?.signal ?? undefined
      await delay(slow.delayMs, undefined, signal === undefined ? {} : { signal })
    }
    const status = faults.find('hook-status')?.status
    // A body is not allowed with every status, so none is given.
    return status === undefined ? call(input, init) : new Response(null, { status })
  }
}
