import type { JsonObject } from '@behalf/core'
import type { FactId } from '@behalf/sandbox'
import type { ManagementAnswer } from '../okta/management-api.ts'
import type { ProbeHook } from './hook-server.ts'
import type { SignedIn } from './signed-in.ts'

/** Where a question stands in docs/okta-fidelity.md, and what `--only` chooses by. */
export type Area = 'patches' | 'answers' | 'calls' | 'tokens' | 'log' | 'oauth' | 'management' | 'people'

/** What was seen, in words that name nobody. */
export interface Observation {
  /** One of the outcomes that the sandbox can play, or another. */
  readonly outcome: string
  /** What the outcome does not say. */
  readonly seen?: string
}

/** Something that nobody has documented, what is assumed, and how it is found out. */
export interface Question {
  readonly id: FactId
  readonly area: Area
  readonly question: string
  /** The outcome that the sandbox assumes. */
  readonly assumed: string
  /** The assumption in a sentence, where the outcome is too short for readers. */
  readonly assumption?: string
  /** Where the assumption is from. */
  readonly source: string
  /** How many tokens it asks for at most: they are metered. */
  readonly maxTokens: number
  /** Questions that must be answered as assumed for this one to be answered at all. */
  readonly needs?: readonly FactId[]
  /**
   * Finds out. Nothing of it is a token, a secret, or a claim that names somebody. When it takes too long the bench lets it
   * put back what it has changed, and nothing else.
   */
  observe(bench: Bench): Promise<Observation>
}

/** One token request, and what the hook answers to it. */
export interface Trial {
  /** What the hook answers; by default it adds a claim, which nobody doubts. */
  readonly answer?: HookAnswer
  /** Parameters in the query of the token endpoint's URL. */
  readonly query?: Readonly<Record<string, string>>
  /** Parameters in the body, besides grant type and scope. */
  readonly body?: Readonly<Record<string, string>>
  readonly scope?: string
  /** Whether a connection that breaks off is an outcome, too. Default false. */
  readonly mayBreakOff?: boolean
  /** Default: the app's own, as Basic credentials. */
  readonly credentials?: { readonly id?: string; readonly secret?: string; readonly inBody?: boolean }
}

/** How the hook of a probe answers. */
export interface HookAnswer {
  /** Default 200. */
  readonly status?: number
  /** Default `application/json`. */
  readonly contentType?: string
  /** Sent as it is. */
  readonly body: string
  /** How long it waits. Default 0. */
  readonly delayMs?: number
}

/** How a token request ended. */
export interface TokenOutcome {
  /** The HTTP status; 0 when no answer came. */
  readonly status: number
  /** The code of the error, OAuth's, Okta's or that of the connection. */
  readonly error: string | undefined
  /** Whether the error came in Okta's own envelope. */
  readonly isEnvelope: boolean
  readonly token: string | undefined
  /** The claims of the token, not verified. */
  readonly claims: JsonObject | undefined
  /** What the hook was sent; undefined when it was not called. */
  readonly event: JsonObject | undefined
}

/** What the System Log keeps of three requests: one that was changed, one whose patch was dropped, one that was denied. */
export interface LoggedRuns {
  readonly events: readonly JsonObject[]
  readonly requestIds: Readonly<Record<'applied' | 'dropped' | 'denied', string>>
}

/** What was made for a run. */
export interface Throwaway {
  issuer: string
  serverId: string
  /** The server as Okta answered its making. */
  server: JsonObject
  policyId: string
  ruleId: string
  hookId: string
  clientId: string
  clientSecret: string
  /** The id of an app that signs people in. */
  nativeClientId: string
  redirectUri: string
}

/** Has a person sign in: where, and the `state` by which the callback is known. */
export type AskPerson = (authorizationUrl: string, state: string) => Promise<URLSearchParams>

/** What several questions look at; the first that needs it fills it in. */
export interface SharedFindings {
  logged?: Promise<LoggedRuns>
  /** Who has signed in. */
  person?: Promise<SignedIn>
  exchanged?: Promise<TokenOutcome>
}

/** With what questions are answered: an authorization server, a hook and two apps, made for this run and removed after it. */
export interface Bench {
  readonly made: Readonly<Throwaway>
  readonly audience: string
  /** Where Okta reaches the hook. */
  readonly hookUri: string
  readonly hook: ProbeHook
  /** How long Okta waits for a hook, in milliseconds. */
  readonly hookLimitMs: number
  /** A name that `--clean` knows as one of this run. */
  nameOf(what: string): string
  readonly mark: string
  requestToken(trial?: Trial): Promise<TokenOutcome>
  /** Calls another endpoint of the authorization server with a token, authenticated as the app. */
  present(
    endpoint: 'introspect' | 'revoke',
    token: string,
  ): Promise<{ readonly status: number; readonly body: JsonObject }>
  /** Gets something of the authorization server, without following redirects. */
  visit(path: string, headers?: Readonly<Record<string, string>>): Promise<Response>
  /** Calls the management API. What the run did not make is only ever read. */
  manage(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: JsonObject,
  ): Promise<ManagementAnswer>
  /** Puts back or takes away what was changed or made for a question: as `manage`, but also when the time of the question is over. */
  putBack(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: JsonObject): Promise<ManagementAnswer>
  /** Waits until all of Okta knows of a change. */
  settle(): Promise<void>
  /** Looks again and again, for as long as events of the System Log may take; undefined when nothing came. */
  awaitLog(find: (events: readonly JsonObject[]) => boolean): Promise<readonly JsonObject[]>
  /** What several questions look at. */
  readonly shared: SharedFindings
  /** Has a person go to a URL, and returns what the app is called back with; absent when nobody is asked. */
  readonly askPerson: AskPerson | undefined
  /** Posts a form to the authorization server, as nobody; returns what is answered, or nothing when that is too long. */
  post(path: string, form: URLSearchParams): Promise<string>
}
