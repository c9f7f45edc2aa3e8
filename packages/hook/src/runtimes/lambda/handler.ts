import { type Clock, type Denial, type Result, systemClock } from '@behalf/core'
import { aClock, type OptionRules } from '@behalf/core/internal'
import { maxEventBytes } from '../../events/event-hooks.ts'
import type { Hook } from '../../hook.ts'
import type { HookAnswer } from '../../okta/answer.ts'
import { aPath, assertServable } from '../door.ts'
import { eventPathOf } from '../event-path.ts'
import { answerKeySet, keySetPath } from '../key-set.ts'
import { arrivalOf, type HttpEvent, headersOf, isFor, methodOf, otherPathOf, readBody } from './event.ts'
import { KeepAlive } from './keep-alive.ts'
import { type HttpResult, resultFor } from './result.ts'

/** How {@link createLambdaHandler} serves. */
export interface LambdaHandlerOptions {
  /** The hook's path, which a stage or a base path of the gateway's may precede. Default `/inline-hook`. */
  readonly path?: string
  readonly clock?: Clock
}

const lambdaHandlerOptions: OptionRules<keyof LambdaHandlerOptions> = { path: aPath, clock: aClock }

/** A Lambda function: takes an event and resolves to its result. */
export type LambdaHandler = (event: HttpEvent) => Promise<HttpResult>

/**
 * Serves a hook from Lambda behind API Gateway, a function URL or a load balancer. A `POST` to another path than the
 * hook's is denied with 200 when it brings what Okta authenticates with, because Okta fails open on anything else, and 404
 * otherwise; other methods than POST are answered with 405, but for `GET /.well-known/jwks.json`, the public keys that
 * clients seal assertions for, where sealing is configured; and an event that is no HTTP request is denied like any other
 * bad request.
 *
 * @throws TypeError that lists every option that is unknown or unusable
 *
 * @example
 * ```ts
 * import { configFromEnvironment, createHook } from '@behalf/hook'
 * import { createLambdaHandler } from '@behalf/hook/lambda'
 *
 * const hook = createHook(configFromEnvironment(process.env))
 * await hook.load()
 * export const handler = createLambdaHandler(hook)
 * ```
 */
export function createLambdaHandler(hook: Hook, options: LambdaHandlerOptions = {}): LambdaHandler {
  assertServable('createLambdaHandler', hook, options, lambdaHandlerOptions)
  const { path = '/inline-hook', clock = systemClock } = options
  const keepAlive = new KeepAlive()
  return async (invocation) => {
    // What invokes a function by hand may send anything, and an exception is an answer that lets tokens through.
    const event = isHttpEvent(invocation) ? invocation : {}
    const method = methodOf(event)
    const { events } = hook
    if (
      events !== undefined &&
      method !== undefined &&
      isFor(event, eventPathOf(path)) &&
      !isFor(event, path)
    ) {
      const body = (): Result<string, Denial> => readBody(event, maxEventBytes)
      const call = { method, headers: headersOf(event), body }
      const answer = await keepAlive.during(() => events.receive(call))
      return resultFor(event, answer.status, answer.headers, answer.body)
    }
    if (method !== undefined && method !== 'POST' && isFor(event, keySetPath)) {
      const { status, headers, body } = await keepAlive.during(() => answerKeySet(hook, method))
      return resultFor(event, status, headers, body)
    }
    if (method !== undefined && method !== 'POST') return resultFor(event, 405, { allow: 'POST' }, '')
    const otherPath = otherPathOf(event, path)
    if (otherPath !== undefined && !hook.mayBeOkta({ headers: headersOf(event) }))
      return resultFor(event, 404, {}, '')
    const arrivedAtMs = arrivalOf(event, clock.now())
    const answered = keepAlive.during(() => answerEvent(hook, event, otherPath, arrivedAtMs))
    const { status, headers, body } = await answered
    return resultFor(event, status, headers, body)
  }
}

function answerEvent(
  hook: Hook,
  event: HttpEvent,
  otherPath: string | undefined,
  arrivedAtMs: number,
): Promise<HookAnswer> | HookAnswer {
  if (methodOf(event) === undefined && typeof event.body !== 'string')
    return hook.refuse({ code: 'request_malformed', detail: 'the event is no HTTP request' }, arrivedAtMs)
  const body = (): Result<string, Denial> => readBody(event, hook.limits.maxBodyBytes)
  return hook.handle({ headers: headersOf(event), body, otherPath, arrivedAtMs })
}

function isHttpEvent(invocation: unknown): invocation is HttpEvent {
  return typeof invocation === 'object' && invocation !== null
}
