import type { ServerResponse } from 'node:http'
import type { Faults } from '../faults/faults.ts'
import type { HookOutcome } from '../http/served-request.ts'
import type { JsonObject } from '../org/json.ts'
import type { Org } from '../org/org.ts'
import type { Exchange, ExchangedHookCall, ExchangeOutcome } from './exchange.ts'
import type { EndedExchange, ExchangeLog, HookPapers } from './exchange-log.ts'
import { actorsOf, agentsOf, type ReadableToken, readToken } from './readable-token.ts'
import { textWithoutTokens, withoutTokens } from './redaction.ts'
import { whyItEnded } from './why.ts'

/** A call to a hook, as it was made. */
export interface RecordedHookCall {
  readonly uri: string
  readonly request: JsonObject
  readonly answer: JsonObject | undefined
  /** By `performance.now()`. */
  readonly startedAt: number
  readonly durationMs: number
  readonly outcome: HookOutcome
}

/** What is learned of a token request while it is answered. */
export interface ExchangeFacts {
  readonly client?: Exchange['client'] | undefined
  readonly grantType?: string
  readonly scopes?: readonly string[]
  readonly login?: string
  readonly hookCall?: RecordedHookCall | undefined
  readonly accessToken?: string
  readonly refusal?: { readonly error: string; readonly description: string }
}

/** What is known of a token request when it arrives. */
export interface ArrivedRequest {
  readonly id: string
  readonly server: Exchange['server']
  /** Path and query. */
  readonly url: string
}

/** What of an org is written down with an exchange. */
type RecordedOrg = Pick<Org, 'clock' | 'systemLog'> & { readonly faults: Faults }

/** The longest document of a hook that is kept, in characters. */
const maxPaperCharacters = 65_536

/** Writes down what becomes of token requests. */
export class ExchangeRecorder {
  readonly #org: RecordedOrg
  readonly #log: ExchangeLog
  readonly #facts = new WeakMap<ServerResponse, ExchangeFacts>()

  constructor(org: RecordedOrg, log: ExchangeLog) {
    this.#org = org
    this.#log = log
  }

  /** Notes what is learned on the way. */
  note(response: ServerResponse, facts: ExchangeFacts): void {
    this.#facts.set(response, { ...this.#facts.get(response), ...facts })
  }

  /** Follows a token request to its end and keeps what came of it. */
  follow(response: ServerResponse, arrived: ArrivedRequest): void {
    const arrivedAt = performance.now()
    const time = new Date(this.#org.clock.now()).toISOString()
    this.#log.begin(arrived.id)
    const faults = this.#org.faults.active.map(({ fault }) => fault.kind)
    response.on('close', () => {
      const facts = this.#facts.get(response) ?? {}
      if (!response.writableFinished) return this.#log.abandon(arrived.id)
      const { hookCall } = facts
      this.#log.add(
        {
          ...describe(facts, arrived, response.statusCode, faults),
          time,
          durationMs: rounded(performance.now() - arrivedAt),
          ...(hookCall === undefined ? {} : { hook: describeCall(hookCall, arrivedAt) }),
          events: this.#org.systemLog
            .eventsOf(arrived.id)
            .map(({ eventType, displayMessage, severity, outcome, published }) => ({
              eventType,
              displayMessage,
              severity,
              outcome,
              published,
            })),
        },
        papersOf(hookCall),
      )
    })
  }
}

function describe(
  facts: ExchangeFacts,
  { id, server, url }: ArrivedRequest,
  status: number,
  faults: readonly string[],
): Omit<EndedExchange, 'time' | 'durationMs' | 'hook' | 'events'> {
  const { client, grantType, scopes = [], login, hookCall, accessToken, refusal } = facts
  const query = new URLSearchParams(url.split('?').slice(1).join('?'))
  const presented = query.get('assertion')
  const resource = query.get('assertion_resource')
  const assertion = presented === null ? undefined : readToken(presented)
  const token = accessToken === undefined ? undefined : readToken(accessToken)
  const claims = token?.kind === 'signed' ? token.claims : {}
  const actors = actorsOf(claims)
  const outcome = outcomeOf(facts, actors)
  const hook = hookCall?.outcome
  const subject = outcome === 'delegated' ? claims['sub'] : (login ?? subjectOf(assertion))
  return {
    id,
    status,
    server,
    ...(client === undefined ? {} : { client }),
    ...(grantType === undefined ? {} : { grantType }),
    scopes,
    ...(resource === null ? {} : { resource: textWithoutTokens(resource) }),
    outcome,
    why: textWithoutTokens(
      whyItEnded({ outcome, status, hasAssertion: assertion !== undefined, hook, refusal, faults }),
    ),
    ...(typeof subject === 'string' ? { subject } : {}),
    actors,
    agents: agentsOf(claims),
    ...(assertion === undefined ? {} : { assertion }),
    ...(token === undefined ? {} : { token }),
    faults,
    steps: [],
    policies: [],
    calls: [],
  }
}

function outcomeOf(facts: ExchangeFacts, actors: readonly string[]): ExchangeOutcome {
  if (facts.accessToken === undefined) return facts.hookCall?.outcome.kind === 'denied' ? 'denied' : 'refused'
  if (actors.length > 0) return 'delegated'
  return facts.login === undefined ? 'plain' : 'user'
}

function subjectOf(assertion: ReadableToken | undefined): unknown {
  return assertion?.kind === 'signed' ? assertion.claims['sub'] : undefined
}

function describeCall(
  { uri, startedAt, durationMs, outcome, answer }: RecordedHookCall,
  arrivedAt: number,
): ExchangedHookCall {
  return {
    uri,
    startedMs: rounded(startedAt - arrivedAt),
    durationMs: rounded(durationMs),
    outcome: outcome.kind,
    ...('reason' in outcome ? { reason: textWithoutTokens(outcome.reason) } : {}),
    ...(answer === undefined || paperOf(answer) === undefined ? {} : { answer: withoutTokens(answer) }),
  }
}

function papersOf(call: RecordedHookCall | undefined): HookPapers {
  const [request, answer] = [paperOf(call?.request), paperOf(call?.answer)]
  return {
    ...(request === undefined ? {} : { request }),
    ...(answer === undefined ? {} : { answer }),
  }
}

function paperOf(document: JsonObject | undefined): string | undefined {
  const text = document === undefined ? undefined : JSON.stringify(document)
  return text !== undefined && text.length <= maxPaperCharacters ? text : undefined
}

/** Tenths of a millisecond. */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10
}
