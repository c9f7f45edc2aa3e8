import { errorTable } from '@behalf/core'
import { isScopeToken } from '@behalf/core/internal'
import { ExchangeError } from '../../exchange-error.ts'
import { answerExchange, writeChallenge } from '../caller/error-answer.ts'
import type { McpCaller } from './caller.ts'
import type { McpOptions } from './mcp-options.ts'

/** How a client that must get a better token is told so, before its message reaches the SDK. */
export interface McpChallenge {
  readonly status: number
  /** `www-authenticate`, with `scope` and `resource_metadata`. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: { readonly error: string }
}

/** Says whether it is worth a challenge: any other fault would send the user to the same sign-in again and again. */
export function isMendedByAnotherToken(error: unknown): error is ExchangeError {
  if (!(error instanceof ExchangeError)) return false
  const { needs, class: errorClass, code } = error
  return needs !== undefined || (errorClass === 'assertion' && errorTable[code].remedy === 'user')
}

/**
 * Writes the challenge. It names the scopes that the token has as well as those that it lacks: clients ask for what a
 * challenge names, and some for nothing else, so that the next token would lack the former.
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization#scope-challenge-handling
 */
export function challengeFor(
  error: ExchangeError,
  { scopes: present = [] }: McpCaller,
  options: McpOptions,
): McpChallenge {
  const { status, body } = answerExchange(error, options)
  const scopes = [...new Set([...present.filter(isScopeToken), ...(error.needs?.scopes ?? [])])]
  const needs = { ...error.needs, ...(scopes.length === 0 ? {} : { scopes }) }
  const challenge = `${writeChallenge(body.error, needs)}, resource_metadata="${options.resourceMetadata}"`
  return { status, headers: { 'www-authenticate': challenge }, body }
}
