import type { Exchange } from '@behalf/sandbox'
import type { JSX } from 'preact'
import { useNarrow } from './narrow.ts'

const lanes = ['Application', 'API A', 'Okta', 'Hook', 'API B'] as const

type Lane = (typeof lanes)[number]

/** What one party says to another. */
interface Message {
  readonly from: Lane
  readonly to: Lane
  readonly text: string
  /** Since the arrival of the token request; absent when the sandbox does not see it. */
  readonly atMs?: number
  readonly bad?: boolean
}

/** Who said what to whom, in order. */
function messagesOf(exchange: Exchange): readonly Message[] {
  const { assertion, hook, durationMs, calls, outcome, status, grantType } = exchange
  const asks: Lane = grantType === 'client_credentials' || grantType === undefined ? 'API A' : 'Application'
  const messages: Message[] = []
  if (assertion !== undefined) messages.push({ from: 'Application', to: 'API A', text: 'call with JWT-A' })
  const brings = { signed: 'JWT-A', encrypted: 'sealed JWT-A', unreadable: 'something unreadable' }
  const request = assertion === undefined ? 'token request' : `token request, ${brings[assertion.kind]}`
  messages.push({ from: asks, to: 'Okta', text: request, atMs: 0 })
  if (hook !== undefined) {
    const answered = { applied: 'commands', unchanged: 'no change', denied: 'denied', failed: 'failed' }
    messages.push(
      { from: 'Okta', to: 'Hook', text: 'may it?', atMs: hook.startedMs },
      {
        from: 'Hook',
        to: 'Okta',
        text: answered[hook.outcome],
        atMs: hook.startedMs + hook.durationMs,
        bad: hook.outcome === 'denied' || hook.outcome === 'failed',
      },
    )
  }
  const answers = {
    delegated: 'JWT-B, delegated',
    plain: 'a plain token',
    user: "the user's token",
    denied: `no token (${status})`,
    refused: `no token (${status})`,
  }
  const bad = outcome !== 'delegated' && outcome !== 'user'
  messages.push({ from: 'Okta', to: asks, text: answers[outcome], atMs: durationMs, bad })
  for (const { party, accepted, outcome: text } of calls)
    messages.push(
      party === 'API B'
        ? { from: 'API B', to: 'API A', text, bad: !accepted }
        : { from: 'API A', to: 'Application', text, bad: !accepted },
    )
  return messages
}

const rowHeight = 34
const top = 40
/** Where the times stand, left of all lanes. */
const timesWidth = 60
const laneWidths = { wide: 124, narrow: 64 }

/** The exchange as a picture, and the same in words for whoever does not see it. */
export function Sequence({ exchange }: { readonly exchange: Exchange }): JSX.Element {
  const messages = messagesOf(exchange)
  const laneWidth = useNarrow() ? laneWidths.narrow : laneWidths.wide
  const middleOf = (lane: Lane): number => timesWidth + laneWidth * (lanes.indexOf(lane) + 0.5)
  const width = timesWidth + laneWidth * lanes.length
  const height = top + messages.length * rowHeight + 12
  return (
    <section>
      <h3 id="sequence">What happened when</h3>
      <svg viewBox={`0 0 ${width} ${height}`} class="sequence" aria-hidden="true">
        {lanes.map((lane) => (
          <g key={lane}>
            <text x={middleOf(lane)} y={20} class="lane">
              {lane}
            </text>
            <line x1={middleOf(lane)} x2={middleOf(lane)} y1={28} y2={height} class="life" />
          </g>
        ))}
        {messages.map((message, index) => (
          <Arrow
            key={`${message.from} ${message.to} ${index}`}
            message={message}
            start={middleOf(message.from)}
            end={middleOf(message.to)}
            y={top + index * rowHeight + 18}
          />
        ))}
      </svg>
      <ol class="unseen">
        {messages.map(({ from, to, text, atMs }, index) => (
          <li key={`${from} ${to} ${index}`}>
            {atMs === undefined ? '' : `At ${tenths(atMs)} ms: `}
            {from} to {to}: {text}
          </li>
        ))}
      </ol>
    </section>
  )
}

interface ArrowProps {
  readonly message: Message
  readonly start: number
  readonly end: number
  readonly y: number
}

function Arrow({ message: { text, atMs, bad = false }, start, end, y }: ArrowProps): JSX.Element {
  const tip = end > start ? -7 : 7
  return (
    <g class={bad ? 'message bad' : 'message'}>
      <text x={(start + end) / 2} y={y - 6} class="said">
        {text}
      </text>
      <line x1={start} x2={end} y1={y} y2={y} class={atMs === undefined ? 'unknown' : ''} />
      <path d={`M ${end} ${y} l ${tip} -4 v 8 z`} />
      {atMs !== undefined && (
        <text x={timesWidth - 4} y={y + 4} class="time">
          {tenths(atMs)} ms
        </text>
      )}
    </g>
  )
}

function tenths(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10
}
