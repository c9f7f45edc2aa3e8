import type { Client } from '@behalf/client'
import type { Result } from '@behalf/core'
import { fail, pass } from '@behalf/core/internal'
import type { ExchangeRequest } from './exchange-request.ts'
import { type OAuthFault, refuse } from './oauth-fault.ts'

/** An API that tokens can be asked for. */
export interface Target {
  /** Obtains its tokens; several targets may share one. Default the endpoint's `client`. */
  readonly client?: Client
  /**
   * The API's audience in the hook's `resources`, or `false` where the hook has none. Default the target's name, as
   * `resource` and `audience` of requests spell it.
   */
  readonly resource?: string | false
  /**
   * The scopes that may be asked for; they are asked for together when a request names none. Default any, and those that
   * the authorization server grants by itself.
   */
  readonly scopes?: readonly string[]
}

/** A {@link Target}, complete. */
export interface CompleteTarget {
  readonly client: Client
  readonly resource: string | undefined
  readonly scopes: readonly string[] | undefined
}

/** What is asked for at a target. */
export interface Wish {
  readonly target: CompleteTarget
  readonly scopes: readonly string[]
}

/**
 * Finds the target that a request names, by `resource` or `audience`; without a name it is the only one.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8707#section-2
 */
export function chooseTarget(
  { targets, scopes }: ExchangeRequest,
  known: ReadonlyMap<string, CompleteTarget>,
): Result<Wish, OAuthFault> {
  const [name, ...others] = targets.length === 0 && known.size === 1 ? [...known.keys()] : new Set(targets)
  if (name === undefined) return wrongTarget('resource or audience must say which API the token is for')
  if (others.length > 0) return wrongTarget('a token is for one API only')
  const target = known.get(name)
  if (target === undefined) return wrongTarget('tokens for that API are not obtained here')
  const wanted = scopes ?? target.scopes ?? []
  const isOffered = target.scopes === undefined || wanted.every((scope) => target.scopes?.includes(scope))
  return isOffered
    ? pass({ target, scopes: wanted })
    : fail(refuse('invalid_scope', 'a scope is not one that may be asked for at this API'))
}

function wrongTarget(description: string): Result<never, OAuthFault> {
  return fail(refuse('invalid_target', description))
}
