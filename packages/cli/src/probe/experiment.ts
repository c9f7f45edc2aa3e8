import type { Json, JsonObject } from '@behalf/core'

/** One token request of the throw-away app, and what the hook answers to it. */
export interface Trial {
  /** What the hook answers; nothing is changed by default. */
  readonly commands?: readonly JsonObject[]
  /** Parameters in the query of the token endpoint's URL. */
  readonly query?: Readonly<Record<string, string>>
  /** Parameters in the body, besides grant type and scope. */
  readonly body?: Readonly<Record<string, string>>
}

/** How a token request ended. */
export interface TokenOutcome {
  /** The HTTP status; 0 when no answer came. */
  readonly status: number
  /** The code of the error, OAuth's, Okta's or that of the connection. */
  readonly error: string | undefined
  readonly token: string | undefined
  /** The claims of the token, not verified. */
  readonly claims: JsonObject | undefined
  /** What the hook was sent; undefined when it was not called. */
  readonly event: JsonObject | undefined
}

/** What an experiment works with: an authorization server, a hook and an app, made for this run and removed after it. */
export interface Bench {
  /** The audience of the authorization server. */
  readonly audience: string
  /** The client id of the app. */
  readonly clientId: string
  /** Asks for a token. */
  requestToken(trial?: Trial): Promise<TokenOutcome>
  /** Calls another endpoint of the authorization server with a token, authenticated as the app. */
  present(endpoint: 'introspect' | 'revoke', token: string): Promise<{ status: number; body: JsonObject }>
}

/** Something that nobody has documented, and how it is found out. */
export interface Experiment {
  /** What it is called in the report. */
  readonly name: string
  /** The question that it settles. */
  readonly question: string
  /** How many tokens it asks for at most: they are metered. */
  readonly maxTokens: number
  /** Finds out. The facts are words, numbers and codes, never a token, a secret or a claim that names somebody. */
  run(bench: Bench): Promise<Readonly<Record<string, Json>>>
}
