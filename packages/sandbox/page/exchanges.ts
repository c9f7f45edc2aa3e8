import type { Exchange, PolicyInForce } from '@behalf/sandbox'
import { useEffect, useState } from 'preact/hooks'

/** How many the page shows; the sandbox keeps more. */
export const shownExchanges = 200
/** How long events are gathered before the page is drawn anew, in milliseconds. */
const gatheringMs = 100

/** What the page knows of exchanges, the newest first. */
export interface Live {
  readonly exchanges: readonly Exchange[]
  readonly isConnected: boolean
  /** What the hook decides by; undefined while nobody has told. */
  readonly policy?: PolicyInForce
  /** How often the org was made what it was at the start. */
  readonly resets: number
}

/** Follows the sandbox's stream of exchanges and policies. */
export function useExchanges(): Live {
  const [live, setLive] = useState<Live>({ exchanges: [], isConnected: false, resets: 0 })
  useEffect(() => {
    let known = new Map<string, Exchange>()
    let timer: number | undefined
    const draw = (): void => {
      timer = undefined
      // Those that are known better by now come later in the stream.
      const exchanges = [...known.values()]
        .toSorted((one, other) => other.firstRevision - one.firstRevision)
        .slice(0, shownExchanges)
      known = new Map(exchanges.map((exchange) => [exchange.id, exchange]))
      setLive((before) => ({ ...before, exchanges, isConnected: true }))
    }
    const source = new EventSource('/api/behalf/exchanges')
    source.addEventListener('exchange', ({ data }) => {
      const exchange: Exchange = JSON.parse(data)
      known.set(exchange.id, exchange)
      // All the same few are kept of very many that come at once.
      if (known.size > 2 * shownExchanges) known.delete(known.keys().next().value ?? '')
      timer ??= window.setTimeout(draw, gatheringMs)
    })
    source.addEventListener('reset', () => {
      known.clear()
      setLive((before) => ({ ...before, exchanges: [], resets: before.resets + 1 }))
    })
    source.addEventListener('policy', ({ data }) => {
      const policy: PolicyInForce = JSON.parse(data)
      setLive((before) => ({ ...before, policy }))
    })
    source.addEventListener('open', draw)
    source.addEventListener('error', () => setLive((before) => ({ ...before, isConnected: false })))
    return () => {
      window.clearTimeout(timer)
      source.close()
    }
  }, [])
  return live
}

/** Says in a few words whose exchange it is. */
export function partiesOf(
  { client, subject, grantType, agents }: Exchange,
  name: (id: string) => string,
): string {
  const isAgent = client !== undefined && agents.includes(client.id)
  const who = client === undefined ? 'somebody' : `${name(client.id)}${isAgent ? ' (AI agent)' : ''}`
  if (grantType !== 'client_credentials' && subject !== undefined) return `${subject} signs in to ${who}`
  return subject === undefined ? who : `${who} for ${subject}`
}

/** The API that the token is for, as far as one is named. */
export function resourceOf({ resource, token }: Exchange): string | undefined {
  const aud = token?.kind === 'signed' ? token.claims['aud'] : undefined
  if (typeof aud === 'string') return aud
  return resource
}
