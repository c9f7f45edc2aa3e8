import type { ErrorCode } from '@behalf/core'
import type { Setup, SidecarSetup } from './setup.ts'
import type { World } from './world.ts'

/** A row of the threat model. `control` marks good calls, which a hook that denies everything would fail. */
export type Threat = `T${number}` | 'control'

/**
 * What must come of a call to the hook: a permit, a token left as it is, a denial by its code, or an HTTP
 * status for what is no call of the inline hook.
 */
export type HookOutcome = ErrorCode | 'permit' | 'unchanged' | 200 | 204 | 400 | 401 | 404 | 405

/** What must come of a token at API B; `remembered` when one whose claim `policy` says `tell` was accepted before, and is known. */
export type ApiOutcome = ErrorCode | 'accept' | 'remembered'

/** What must come of a request to a sidecar: the status, and the error where the answer has one. */
export type SidecarOutcome = `${number}` | `${number} ${string}`

/** An HTTP request to the hook, in a form that every runtime can be given. */
export interface HookCall {
  /** `POST` by default. */
  readonly method?: string
  /** Path and query; the hook's path by default. */
  readonly target?: string
  /** As they are sent, in order; one name may come twice. Values are byte strings. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string | Uint8Array
}

/** What the attacker sends; an attack has one form, and a token may be sent to both sides. */
export interface AttackForms {
  /** A request, for every runtime. */
  readonly call?: (world: World) => HookCall
  /** The bytes of a connection, for runtimes that listen on one. */
  readonly wire?: (world: World) => string | Buffer
  /** What Lambda is invoked with. */
  readonly event?: (world: World) => unknown
  /** A token presented to API B. */
  readonly token?: (world: World) => string
  /** The bytes of a connection to a sidecar, whose `Host` they are told. */
  readonly sidecar?: (world: World, host: string) => string
}

/**
 * What an API trusts: delegated tokens of `okta`, `mixed` or `renewing`, the whole chain that the setup `resources` makes
 * (`chains`), or, as API A does, users' own tokens (`users`). Where users are cut off (`revoking`), Ann is, as the world's
 * `cutOffSeconds` has it. One that has room for few tokens (`memory`) trusts `okta`.
 */
export type ApiTrust = 'okta' | 'mixed' | 'renewing' | 'chains' | 'users' | 'revoking' | 'memory'

/** One concrete thing that an attacker, or a good caller, sends, and what must come of it. */
export interface Attack extends AttackForms {
  /** Unique within its category; unique everywhere once the category stands before it. */
  readonly id: string
  readonly threat: Threat
  /** What is sent, in a few words. */
  readonly description: string
  /** How the hook under attack is configured; `default` unless it says otherwise. */
  readonly setup?: Setup
  /** What the API that is attacked trusts; `okta` unless it says otherwise. */
  readonly apiTrusts?: ApiTrust
  /** How the sidecar under attack is configured; `loopback` unless it says otherwise. */
  readonly sidecarSetup?: SidecarSetup
  readonly expect: {
    readonly hook?: HookOutcome
    readonly api?: ApiOutcome
    readonly sidecar?: SidecarOutcome
  }
  /** What must hold of the delegated token's claims besides, or why it does not. */
  readonly inspect?: (delegated: DelegatedClaims) => string | undefined
}

/** What the commands of a permit would make of the token. */
export interface DelegatedClaims {
  /** Undefined when the audience is left as it is. */
  readonly aud: unknown
  readonly sub: unknown
  readonly act: unknown
  readonly assertion: unknown
  /** Undefined when the lifetime is left as it is. */
  readonly lifetimeSeconds: unknown
}

/** Attacks of one kind. */
export interface Category {
  readonly name: string
  readonly attacks: readonly Attack[]
}
