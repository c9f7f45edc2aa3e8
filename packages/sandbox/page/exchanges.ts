import type { Exchange } from '@behalf/sandbox'
import { useEffect, useState } from 'preact/hooks'

/** How many the page shows; the sandbox keeps more. */
export const shownExchanges = 200
/** How long events are gathered before the page is drawn anew, in milliseconds. */
const gatheringMs = 100

/** What the page knows of exchanges, the newest first. */
export interface Live {
  readonly exchanges: readonly Exchange[]
  readonly isConnected: boolean
}

/** Follows the sandbox's stream of exchanges. */
export function useExchanges(): Live {
  const [live, setLive] = useState<Live>({ exchanges: [], isConnected: false })
  useEffect(() => {
    const known = new Map<string, Exchange>()
    let timer: number | undefined
    const draw = (): void => {
      timer = undefined
      setLive({ exchanges: [...known.values()].toReversed(), isConnected: true })
    }
    const source = new EventSource('/api/behalf/exchanges')
    source.addEventListener('exchange', ({ data }) => {
      const exchange: Exchange = JSON.parse(data)
      known.set(exchange.id, exchange)
      for (const oldest of known.keys()) {
        if (known.size <= shownExchanges) break
        known.delete(oldest)
      }
      timer ??= window.setTimeout(draw, gatheringMs)
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
export function partiesOf({ client, subject, grantType }: Exchange, name: (id: string) => string): string {
  const who = client === undefined ? 'somebody' : name(client.id)
  if (grantType !== 'client_credentials' && subject !== undefined) return `${subject} signs in to ${who}`
  return subject === undefined ? who : `${who} for ${subject}`
}

/** The API that the token is for, as far as one is named. */
export function resourceOf({ resource, token }: Exchange): string | undefined {
  const aud = token?.kind === 'signed' ? token.claims['aud'] : undefined
  if (typeof aud === 'string') return aud
  return resource
}
