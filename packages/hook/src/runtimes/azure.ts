import type { Hook } from '../hook.ts'
import { assertServable } from './door.ts'
import {
  createFetchHandler,
  type FetchHandlerOptions,
  type FetchRequest,
  fetchHandlerOptions,
} from './fetch.ts'

/** The parts of `HttpResponseInit` of `@azure/functions` that are answered with. */
export interface AzureResponse {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: string
}

/**
 * Serves a hook from Azure Functions (programming model v4) with an HTTP trigger. The path is
 * `/api/inline-hook` by default, which is where a function with the route `inline-hook` is. Give the trigger
 * `authLevel: 'anonymous'`: the hook authenticates Okta itself, and a 401 of the platform would make Okta
 * issue plain tokens.
 *
 * @throws TypeError that lists every option that is unknown or unusable
 *
 * @example
 * ```ts
 * import { configFromEnvironment, createHook } from '@behalf/hook'
 * import { createAzureHandler } from '@behalf/hook/azure'
 *
 * const handler = createAzureHandler(createHook(configFromEnvironment(process.env)))
 * // app.http('inline-hook', { methods: ['POST'], authLevel: 'anonymous', route: 'inline-hook', handler })
 * ```
 *
 * @see https://learn.microsoft.com/en-us/azure/azure-functions/functions-reference-node
 */
export function createAzureHandler(
  hook: Hook,
  options: FetchHandlerOptions = {},
): (request: FetchRequest) => Promise<AzureResponse> {
  assertServable('createAzureHandler', hook, options, fetchHandlerOptions)
  const handle = createFetchHandler(hook, { path: '/api/inline-hook', ...options })
  return async (request) => {
    const response = await handle(request)
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers.entries()),
      body: await response.text(),
    }
  }
}
