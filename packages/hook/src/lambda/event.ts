import { Buffer } from 'node:buffer'
import { deny, type Outcome } from '@behalf/core'
import { decodeBody } from '../runtimes/body.ts'

/**
 * What Lambda hands over for an HTTP request: the parts of an API Gateway REST event, HTTP API event
 * (payload 1.0 or 2.0), function URL event or load balancer event that are read here. Anything may be
 * missing.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
 */
export interface HttpEvent {
  readonly httpMethod?: unknown
  readonly requestContext?: unknown
  readonly headers?: unknown
  readonly multiValueHeaders?: unknown
  readonly body?: unknown
  readonly isBase64Encoded?: unknown
}

/** Beyond this age the moment of arrival is that of a recorded event, or of a clock that is wrong. */
const maxAgeMs = 10_000

/** The method, in whichever place this kind of event has it. */
export function methodOf({ httpMethod, requestContext }: HttpEvent): string | undefined {
  const method = httpMethod ?? member(member(requestContext, 'http'), 'method')
  return typeof method === 'string' ? method : undefined
}

/**
 * When the gateway took the request in, because that is when Okta began to wait: a cold start lies in
 * between. Now, when the event does not say or says something implausible.
 */
export function arrivalOf({ requestContext }: HttpEvent, nowMs: number): number {
  const epoch = member(requestContext, 'requestTimeEpoch') ?? member(requestContext, 'timeEpoch')
  return typeof epoch === 'number' && epoch <= nowMs && epoch > nowMs - maxAgeMs ? epoch : nowMs
}

/** The body as text, or the denial `request_malformed`. */
export function readBody({ body, isBase64Encoded }: HttpEvent, maxBytes: number): Outcome<string> {
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
export function listHeaders(event: HttpEvent): ReadonlyMap<string, readonly string[]> {
  const several = isObject(event.multiValueHeaders) ? event.multiValueHeaders : {}
  const single = isObject(event.headers) ? event.headers : {}
  const listed = new Map<string, string[]>()
  for (const [name, values] of Object.entries(several)) addHeader(listed, name, values)
  for (const [name, value] of Object.entries(single))
    if (!Object.hasOwn(several, name)) addHeader(listed, name, value)
  return listed
}

function addHeader(listed: Map<string, string[]>, name: string, value: unknown): void {
  const lower = name.toLowerCase()
  const values = listed.get(lower) ?? []
  for (const item of Array.isArray(value) ? value : [value]) if (typeof item === 'string') values.push(item)
  listed.set(lower, values)
}

/** Whether an application load balancer made the event; it wants its answers in a shape of their own. */
export function isFromLoadBalancer({ requestContext }: HttpEvent): boolean {
  return member(requestContext, 'elb') !== undefined
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function member(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined
}
