import type { Exchange } from '@behalf/sandbox'
import type { JSX } from 'preact'
import { partiesOf, resourceOf, shownExchanges } from './exchanges.ts'
import { shortened } from './shortened.ts'

/** What outcomes are called. */
const outcomeNames: Readonly<Record<Exchange['outcome'], string>> = {
  delegated: 'delegated',
  plain: 'plain token',
  user: 'user token',
  denied: 'denied',
  refused: 'refused',
}

export function Outcome({ outcome }: Pick<Exchange, 'outcome'>): JSX.Element {
  return <span class={`outcome ${outcome}`}>{outcomeNames[outcome]}</span>
}

/** How much of what comes from outside a row says of each. */
const rowCharacters = 150

interface ListProps {
  readonly exchanges: readonly Exchange[]
  readonly selected: string | undefined
  readonly name: (clientId: string) => string
  readonly onSelect: (id: string) => void
}

/** Every exchange in a row, the newest first. */
export function ExchangeList({ exchanges, selected, name, onSelect }: ListProps): JSX.Element {
  if (exchanges.length === 0)
    return (
      <p class="empty">
        Nothing yet. Each token request appears here as it happens; <a href="#try">try one</a>.
      </p>
    )
  return (
    <>
      <ol class="exchanges">
        {exchanges.map((exchange) => (
          <li key={exchange.id}>
            <button
              type="button"
              aria-current={exchange.id === selected ? 'true' : undefined}
              onClick={() => onSelect(exchange.id)}
            >
              <span class="when">
                <time dateTime={exchange.time}>{exchange.time.slice(11, 19)}</time>
                <Outcome outcome={exchange.outcome} />
                <span class="took">{exchange.durationMs} ms</span>
              </span>
              <span class="parties">{shortened(partiesOf(exchange, name), rowCharacters)}</span>
              <span class="asked">
                {shortened(
                  [exchange.scopes.join(' '), resourceOf(exchange)].filter(Boolean).join(' at '),
                  rowCharacters,
                )}
              </span>
            </button>
          </li>
        ))}
      </ol>
      {exchanges.length === shownExchanges && <p class="empty">The last {shownExchanges} are shown.</p>}
    </>
  )
}
