import type { HookCall } from './attack.ts'
import type { HookSetup } from './world.ts'

/** An HTTP answer. */
export interface HttpReply {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
}

/** What came back over HTTP, or nothing because the connection was closed. */
export type HookReply = HttpReply | 'closed'

/** A running hook. What it cannot be given, it leaves out. */
export interface HookUnderAttack extends AsyncDisposable {
  /** Answers a request. */
  call?(call: HookCall): Promise<HttpReply>
  /** Answers the bytes of one connection. */
  wire?(bytes: string | Buffer): Promise<HookReply>
  /** Answers a Lambda event. */
  invoke?(event: unknown): Promise<HttpReply>
}

/** A way to run the hook, e.g. on a runtime or as a packed artefact. */
export interface HookTarget {
  readonly name: string
  /** Starts a hook with this configuration; undefined when the target cannot be configured so. */
  start(setup: HookSetup): Promise<HookUnderAttack | undefined>
}

/** What API B has made of a token: `accept`, or the code of the refusal. */
export type ApiReply = string

/** A way to verify at API B. */
export interface ApiTarget {
  readonly name: string
  /** The verification of an API `api://b` that requires `orders:read`, permits `0oaApiA`, and trusts `issuer`. */
  create(issuer: {
    readonly issuer: string
    readonly algorithms: readonly string[]
  }): (token: string) => Promise<ApiReply>
}
