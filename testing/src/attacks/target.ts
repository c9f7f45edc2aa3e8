import type { HookCall } from './attack.ts'
import type { HookSetup, SidecarSetup } from './setup.ts'
import type { World } from './world.ts'

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

/** What API B has made of a token: `accept`, `remembered` or the code of the refusal. */
export type ApiReply = string

/** A way to verify at API B. */
export interface ApiTarget {
  readonly name: string
  /**
   * The verification of an API. One of delegated tokens requires `orders:read` and permits `0oaApiA`; one that accepts
   * `user` takes people's own tokens and nothing else.
   */
  create(api: ApiSetup): (token: string) => Promise<ApiReply>
}

/** What an API is told. */
export interface ApiSetup {
  readonly accept: 'delegated' | 'user'
  readonly issuer: string
  readonly audience: string
  readonly algorithms: readonly string[]
  /** Whose users may be acted for, and how their subjects are mapped; any and not at all when undefined. */
  readonly assertionIssuers?: Readonly<
    Record<string, { readonly org?: string; readonly subject?: { readonly prefix: string } }>
  >
  /** How many tokens it remembers; as many as by default when undefined. */
  readonly verifiedTokens?: { readonly maxEntries: number; readonly maxBytes: number }
  /** Who was cut off, and when; nobody is asked when undefined. */
  readonly cutOffs?: readonly { readonly org: string; readonly uid: string; readonly atSeconds: number }[]
}

/** A running sidecar. */
export interface SidecarUnderAttack extends AsyncDisposable {
  /** Where it listens, as a `Host` says it. */
  readonly host: string
  /** Answers the bytes of one connection. */
  wire(bytes: string): Promise<HookReply>
  /** How often something was asked for, of its cache or of Okta. */
  asked(): number
}

/** A way to run the sidecar. */
export interface SidecarTarget {
  readonly name: string
  /**
   * Starts a sidecar. Token endpoint: users of `okta`, tokens for `orders` with the scope `orders:read` and for `stock`.
   * Verify endpoint: as API B, with routes that give `/admin` to nobody, `/public` to everybody and elsewhere only `GET`.
   */
  start(setup: SidecarSetup, world: World): Promise<SidecarUnderAttack>
}
