import { type Clock, systemClock } from '@behalf/core'
import { aClock, type OptionRules } from '@behalf/core/internal'
import type { Hook } from '../hook.ts'
import { aPath, assertServable } from './door.ts'
import { answerFetch, type FetchRequest } from './fetch-request.ts'

export type { FetchRequest } from './fetch-request.ts'

/** How {@link createFetchHandler} serves. */
export interface FetchHandlerOptions {
  /** The hook's path. Default `/inline-hook`. */
  readonly path?: string
  /** What tells the time. Default the system's clock. */
  readonly clock?: Clock
}

/** What the members of {@link FetchHandlerOptions} must be. */
export const fetchHandlerOptions: OptionRules<keyof FetchHandlerOptions> = { path: aPath, clock: aClock }

/**
 * Serves a hook wherever `Request` and `Response` are spoken: `POST` to the hook's path is always answered
 * with 200, other methods with 405. A `POST` to another path is denied with 200 when it brings what Okta authenticates
 * with, because Okta fails open on anything else; `GET /.well-known/jwks.json` answers with the public keys that clients seal
 * assertions for, where sealing is configured; all others get 404.
 *
 * @throws TypeError that lists every option that is unknown or unusable
 *
 * @example
 * ```ts
 * import { configFromEnvironment, createHook } from '@behalf/hook'
 * import { createFetchHandler } from '@behalf/hook/fetch'
 *
 * const handle = createFetchHandler(createHook(configFromEnvironment(process.env)))
 * const response = await handle(new Request('https://hook.example.com/inline-hook', { method: 'POST' }))
 * ```
 */
export function createFetchHandler(
  hook: Hook,
  options: FetchHandlerOptions = {},
): (request: FetchRequest) => Promise<Response> {
  assertServable('createFetchHandler', hook, options, fetchHandlerOptions)
  const { path = '/inline-hook', clock = systemClock } = options
  return (request) => answerFetch(hook, request, path, clock.now())
}
