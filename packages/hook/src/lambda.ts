import { Buffer } from 'node:buffer'
import { type Clock, deny, type Outcome, systemClock } from '@behalf/core'
import type { Hook } from './hook.ts'
import type { HookAnswer } from './okta/answer.ts'
import { decodeBody } from './runtimes/body.ts'

/**
 * What Lambda hands over for an HTTP request: the parts of an API Gateway REST event, HTTP API event
 * (payload 1.0 or 2.0), function URL event or load balancer event that are read here. Anything may be
 * missing.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export interface HttpEvent {
  readonly httpMethod?: unknown
  readonly requestContext?: unknown
  readonly headers?: unknown
  readonly multiValueHeaders?: unknown
  readonly body?: unknown
  readonly isBase64Encoded?: unknown
}

/** What Lambda takes back for an HTTP request. */
export interface HttpResult {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly isBase64Encoded: false
}

/** How {@link createLambdaHandler} serves. */
export interface LambdaHandlerOptions {
  readonly clock?: Clock
}

/**
 * Serves a hook from Lambda behind API Gateway. Every path counts as the hook's, because the gateway has
 * routed already; other methods than POST are answered with 405, and an event that is no HTTP request is
 * denied like any other bad request.
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
export function createLambdaHandler(
  hook: Hook,
  { clock = systemClock }: LambdaHandlerOptions = {},
): (event: HttpEvent) => Promise<HttpResult> {
  return async (event) => {
    const method = methodOf(event)
    if (method !== undefined && method !== 'POST') {
      return { statusCode: 405, headers: { allow: 'POST' }, body: '', isBase64Encoded: false }
    }
    const { status, headers, body } = await answerEvent(hook, event, clock.now())
    return { statusCode: status, headers, body, isBase64Encoded: false }
  }
}

async function answerEvent(hook: Hook, event: HttpEvent, arrivedAtMs: number): Promise<HookAnswer> {
  const body = readBody(event, hook.limits.maxBodyBytes)
  if (!body.ok) return hook.refuse(body.denial, arrivedAtMs)
  return hook.handle({ headers: listHeaders(event), body: body.value, arrivedAtMs })
}

function methodOf({ httpMethod, requestContext }: HttpEvent): string | undefined {
  if (typeof httpMethod === 'string') return httpMethod
  const http = member(requestContext, 'http')
  const method = member(http, 'method')
  return typeof method === 'string' ? method : undefined
}

function readBody({ body, isBase64Encoded }: HttpEvent, maxBytes: number): Outcome<string> {
  if (typeof body !== 'string') return deny('request_malformed', 'the event has no body')
  // The encoded form is a third longer than what it holds.
  if (body.length > maxBytes * 2)
    return deny('request_malformed', `the body is larger than ${maxBytes} bytes`)
  return decodeBody(Buffer.from(body, isBase64Encoded === true ? 'base64' : 'utf8'), maxBytes)
}

/**
 * `multiValueHeaders`, where there is one, says more than `headers`. The case of names differs between
 * gateways; names that differ in case only are the same header sent twice.
 */
function listHeaders({ headers, multiValueHeaders }: HttpEvent): ReadonlyMap<string, readonly string[]> {
  const several = isObject(multiValueHeaders) ? multiValueHeaders : {}
  const single = isObject(headers)
    ? Object.entries(headers).filter(([name]) => !Object.hasOwn(several, name))
    : []
  const listed = new Map<string, readonly string[]>()
  for (const [name, value] of [...Object.entries(several), ...single]) {
    const values = (Array.isArray(value) ? value : [value]).filter((item) => typeof item === 'string')
    const lower = name.toLowerCase()
    listed.set(lower, [...(listed.get(lower) ?? []), ...values])
  }
  return listed
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function member(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined
}
