import type { Fetch } from '@behalf/core'
import { runtimeFetch } from '@behalf/core/internal'
import { whyUnreachable } from './unreachable.ts'

/** A `fetch` that remembers why requests got no answer, for where an SDK keeps the cause to itself. */
export interface RememberingFetch {
  readonly fetch: Fetch
  /** Says why the last request to the host of a URL got no answer; undefined when it got one, or there was none. */
  faultAt(url: string): string | undefined
}

/** Wraps the runtime's `fetch`. Of a URL only the host is remembered, never a query. */
export function rememberFaults(): RememberingFetch {
  const faults = new Map<string, string>()
  const hostOf = (url: string): string => URL.parse(url)?.host ?? ''
  return {
    async fetch(url, init) {
      try {
        const response = await runtimeFetch(url, init)
        faults.delete(hostOf(url))
        return response
      } catch (error) {
        const { code, remedy } = whyUnreachable(error)
        faults.set(hostOf(url), `${code}: ${remedy}`)
        throw error
      }
    },
    faultAt: (url) => faults.get(hostOf(url)),
  }
}
