import type { Exchange, PolicyInForce } from '@behalf/sandbox'
import type { JSX } from 'preact'
import { download } from './api.ts'
import { Outcome } from './exchange-list.tsx'
import { partiesOf } from './exchanges.ts'
import { DecidedBy } from './policy.tsx'
import { Scrollable } from './scrollable.tsx'
import { Sequence } from './sequence.tsx'
import { shortened } from './shortened.ts'
import { Tokens } from './tokens.tsx'

interface DetailProps {
  readonly exchange: Exchange
  readonly name: (clientId: string) => string
  readonly policy: PolicyInForce | undefined
}

/** Everything that is known of one exchange. */
export function ExchangeDetail({ exchange, name, policy }: DetailProps): JSX.Element {
  const { client, scopes, server, time, status, id, why } = exchange
  return (
    <article aria-labelledby="exchange">
      <h2 id="exchange" tabIndex={-1}>
        {shortened(partiesOf(exchange, name))} <Outcome outcome={exchange.outcome} />
      </h2>
      <p class={`why ${exchange.outcome}`}>{shortened(why)}</p>
      <dl class="facts">
        <dt>when</dt>
        <dd>
          {time.replace('T', ' ').slice(0, 19)}, {exchange.durationMs} ms, HTTP {status}
        </dd>
        <dt>server</dt>
        <dd>{server.issuer}</dd>
        {client !== undefined && (
          <>
            <dt>client</dt>
            <dd>
              {client.label} <code>{client.id}</code>
            </dd>
          </>
        )}
        {scopes.length > 0 && (
          <>
            <dt>scopes</dt>
            <dd>{shortened(scopes.join(' '))}</dd>
          </>
        )}
        {exchange.resource !== undefined && (
          <>
            <dt>resource</dt>
            <dd>{shortened(exchange.resource)}</dd>
          </>
        )}
        <dt>request</dt>
        <dd>
          <code>{id}</code>
        </dd>
      </dl>
      <Chain exchange={exchange} name={name} />
      <Sequence exchange={exchange} />
      <Tokens exchange={exchange} />
      <HookPart exchange={exchange} policy={policy} />
      <LogEvents events={exchange.events} />
    </article>
  )
}

/** The user, and who acts for the user: the last one holds the token. */
function Chain({
  exchange: { subject, actors, agents },
  name,
}: Omit<DetailProps, 'policy'>): JSX.Element | null {
  if (actors.length === 0) return null
  return (
    <section>
      <h3>Who acts for whom</h3>
      <ol class="chain">
        <li>
          <span class="role">user</span>
          {subject}
        </li>
        {actors.toReversed().map((actor, index) => (
          <li key={`${actor} ${index}`} class={agents.includes(actor) ? 'agent' : ''}>
            <span class="role">
              {index === actors.length - 1 ? 'current actor' : 'earlier actor'}
              {agents.includes(actor) && ', AI agent'}
            </span>
            {name(actor)} {name(actor) !== actor && <code>{actor}</code>}
          </li>
        ))}
      </ol>
    </section>
  )
}

function HookPart({ exchange, policy }: Omit<DetailProps, 'name'>): JSX.Element {
  const { hook, steps, policies, id, assertion } = exchange
  if (hook === undefined)
    return (
      <section>
        <h3>Hook</h3>
        <p>It was not called.</p>
      </section>
    )
  const base = `/api/behalf/exchanges/${id}`
  return (
    <section>
      <h3>Hook</h3>
      <p>
        <strong>{hook.outcome}</strong> after {hook.durationMs} ms, <code>{hook.uri}</code>
        {hook.reason !== undefined && `: ${shortened(hook.reason)}`}
      </p>
      {steps.length > 0 && (
        <ol class="steps">
          {steps.map(({ step, outcome, code, detail }, index) => (
            <li key={`${step} ${index}`} class={outcome}>
              {step} <span class="verdict">{outcome}</span> {[code, detail].filter(Boolean).join(': ')}
            </li>
          ))}
        </ol>
      )}
      <DecidedBy ids={policies} policy={policy} />
      {hook.answer !== undefined && (
        <details>
          <summary>The hook’s answer</summary>
          <Scrollable label="The hook’s answer">
            <pre>{JSON.stringify(hook.answer, null, 2)}</pre>
          </Scrollable>
        </details>
      )}
      <p class="downloads">
        <a href={`${base}/hook-request`} download>
          Request
        </a>
        {hook.answer !== undefined && (
          <a href={`${base}/hook-answer`} download>
            Answer
          </a>
        )}
        {assertion?.kind === 'signed' && (
          <button
            type="button"
            onClick={() => void download(`/exchanges/${id}/hook-request`, `${id}-hook-request.json`)}
          >
            Request with the user’s live token
          </button>
        )}
      </p>
      <p class="faint">
        {assertion?.kind === 'signed'
          ? 'Without the token, behalf replay cannot verify it. With it, the file is worth as much as the user’s sign-in until the token expires.'
          : 'behalf replay explains the request with your configuration.'}
      </p>
    </section>
  )
}

function LogEvents({ events }: Pick<Exchange, 'events'>): JSX.Element | null {
  if (events.length === 0) return null
  return (
    <section>
      <h3>System Log</h3>
      <ul class="events">
        {events.map(({ eventType, displayMessage, outcome, severity }, index) => (
          <li key={`${eventType} ${index}`}>
            <code>{eventType}</code> {displayMessage}: {outcome.result}
            {outcome.reason !== undefined && ` (${outcome.reason})`} <span class="faint">{severity}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
