import type { JsonObject } from '../org/json.ts'
import type { LogEntry } from '../org/system-log.ts'
import type { ReadableToken } from './readable-token.ts'

/**
 * What came of a token request: a token for which a client acts for a user (`delegated`), a machine's own (`plain`), a
 * person's (`user`), none because the hook said so (`denied`), none for another reason (`refused`).
 */
export type ExchangeOutcome = 'delegated' | 'plain' | 'user' | 'denied' | 'refused'

/** A call to an inline hook. */
export interface ExchangedHookCall {
  readonly uri: string
  /** From the arrival of the token request, in milliseconds. */
  readonly startedMs: number
  readonly durationMs: number
  /** `failed` leaves the plain token. */
  readonly outcome: 'applied' | 'unchanged' | 'denied' | 'failed'
  readonly reason?: string
  /** The hook's answer, without tokens; absent when there was none that could be read, or it is larger than 64 KB. */
  readonly answer?: JsonObject
}

/** How a step of the hook's pipeline ended; told by whoever runs the hook. */
export interface ExchangeStep {
  readonly step: string
  readonly outcome: 'continued' | 'denied' | 'unchanged'
  readonly code?: string
  readonly detail?: string
}

/** What an API made of a token or of a call for a user; told by whoever runs it. */
export interface ExchangedApiCall {
  /** Like `API B`. */
  readonly party: string
  readonly accepted: boolean
  /** In words, like `answers 200`, or a code. */
  readonly outcome: string
}

/** What others know of an exchange; see `annotate` of the sandbox. */
export interface ExchangeNote {
  /** Whom the client acts for, when the org cannot see it: the assertion is sealed, and there is no token. */
  readonly subject?: string
  /** Those of the actors, a denied client included, that are AI agents. */
  readonly agents?: readonly string[]
  /** Further steps of the hook's pipeline. */
  readonly steps?: readonly ExchangeStep[]
  /** Ids of the policies that decided. */
  readonly policies?: readonly string[]
  /** Further calls of APIs. */
  readonly calls?: readonly ExchangedApiCall[]
}

/** One token request and everything that is known of it: no token whole, no secret. */
export interface Exchange {
  /** Okta's id of the token request. */
  readonly id: string
  /** Grows by one with every change of any exchange; the id of the event that tells of it. */
  readonly revision: number
  /** The one that it began with: exchanges in the order in which they ended. */
  readonly firstRevision: number
  /** When the request arrived, by the org's clock, ISO 8601 in UTC. */
  readonly time: string
  readonly durationMs: number
  /** The HTTP status of the answer. */
  readonly status: number
  readonly server: { readonly id: string; readonly issuer: string }
  /** Absent when nobody knows the client. */
  readonly client?: { readonly id: string; readonly label: string }
  readonly grantType?: string
  readonly scopes: readonly string[]
  /** What a bare assertion is accompanied by. */
  readonly resource?: string
  readonly outcome: ExchangeOutcome
  /** Why it is so, in words. */
  readonly why: string
  readonly subject?: string
  /** Who acts for the user, the current actor first. */
  readonly actors: readonly string[]
  /** Those of them, and of denied clients, that are AI agents: `sub_profile` of the token, or as the hook tells. */
  readonly agents: readonly string[]
  /** Whatever came as `assertion`. */
  readonly assertion?: ReadableToken
  readonly hook?: ExchangedHookCall
  /** The access token that was issued. */
  readonly token?: ReadableToken
  /** The kinds of the faults that were in force. */
  readonly faults: readonly string[]
  /** What the System Log has of it. */
  readonly events: readonly (Pick<LogEntry, 'displayMessage' | 'severity' | 'outcome'> & {
    readonly eventType: string
    readonly published: string
  })[]
  readonly steps: readonly ExchangeStep[]
  readonly policies: readonly string[]
  readonly calls: readonly ExchangedApiCall[]
}
