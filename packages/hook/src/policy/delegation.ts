import type { Actor, JsonObject } from '@behalf/core'

/**
 * The question that a policy answers: may the client act for the subject towards the resource with these
 * scopes? Every value but the request's has been verified.
 */
export interface Delegation {
  /** The client that wants to act: API A. */
  readonly client: { readonly id: string; readonly name?: string | undefined }
  /** The user, as the assertion names them. */
  readonly subject: {
    readonly issuer: string
    readonly id: string
    /** All claims of the assertion. */
    readonly claims: JsonObject
  }
  /** Where the delegated token will be accepted. */
  readonly resource: {
    /** The `aud` of the token being minted. */
    readonly audience?: string | undefined
    /** The issuer of the token being minted. */
    readonly authorizationServer?: string | undefined
  }
  /** The scopes that the token will carry. */
  readonly scopes: readonly string[]
  /** All actors of the token being minted: the client first, then those who acted before it. */
  readonly actors: readonly Actor[]
  readonly request: {
    /** The address that the token request came from, as Okta saw it. */
    readonly ipAddress?: string | undefined
    /** When the decision is made, in milliseconds since the epoch. */
    readonly timeMs: number
  }
}

/** A policy's answer. */
export type PolicyDecision =
  | { readonly decision: 'permit' }
  | {
      readonly decision: 'forbid'
      /** Shown to the client in place of the general sentence, up to 200 visible characters. Put no personal data in it. */
      readonly reason?: string | undefined
    }

/**
 * A policy as a function. An exception, a rejection, an answer of any other shape and an answer that comes
 * too late are denials (`policy_unavailable`).
 *
 * @param signal - aborted when the answer will no longer be waited for
 *
 * @example
 * ```ts
 * import type { PolicyFunction } from '@behalf/hook'
 *
 * const policy: PolicyFunction = (delegation) =>
 *   delegation.actors.length > 1
 *     ? { decision: 'forbid', reason: 'no delegation of delegation' }
 *     : { decision: 'permit' }
 * ```
 */
export type PolicyFunction = (
  delegation: Delegation,
  signal: AbortSignal,
) => PolicyDecision | Promise<PolicyDecision>
