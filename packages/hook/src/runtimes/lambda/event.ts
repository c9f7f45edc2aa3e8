import { Buffer } from 'node:buffer'
import type { Denial, Result } from '@behalf/core'
import { deny, pass } from '@behalf/core/internal'
import { exceedsBytes } from '../../okta/byte-limit.ts'
import type { Headers } from '../../pipeline/exchange.ts'
import { decodeBody } from '../body.ts'

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
  readonly path?: unknown
  readonly rawPath?: unknown
  readonly headers?: unknown
  readonly multiValueHeaders?: unknown
  readonly body?: unknown
  readonly isBase64Encoded?: unknown
}

/** Beyond this age the moment of arrival is that of a recorded event, or of a clock that is wrong. */
const maxAgeMs = 10_000

/** Returns the method, in whichever place this kind of event has it. */
export function methodOf({ httpMethod, requestContext }: HttpEvent): string | undefined {
  const method = httpMethod ?? member(member(requestContext, 'http'), 'method')
  return typeof method === 'string' ? method : undefined
}

/**
 * Returns the path, when it is another than the hook's. Gateways may put a stage or a base path before it; an event without a path
 * has come to the hook.
 */
export function otherPathOf({ path, rawPath }: HttpEvent, hookPath: string): string | undefined {
  const found = rawPath ?? path
  return typeof found !== 'string' || endsWith(found, hookPath) ? undefined : found
}

/** Says whether an event is for a path, which a stage or a base path may precede. */
export function isFor({ path, rawPath }: HttpEvent, wanted: string): boolean {
  const found = rawPath ?? path
  return typeof found === 'string' && endsWith(found, wanted)
}

function endsWith(path: string, end: string): boolean {
  const base = path.endsWith(end) ? path.slice(0, -end.length) : undefined
  return base !== undefined && /^(?:\/[^/]+)*$/.test(base)
}

/**
 * Says when the gateway took the request in, because that is when Okta began to wait: a cold start lies in
 * between. Now, when the event does not say or says something implausible.
 */
export function arrivalOf({ requestContext }: HttpEvent, nowMs: number): number {
  const epoch = member(requestContext, 'requestTimeEpoch') ?? member(requestContext, 'timeEpoch')
  return typeof epoch === 'number' && epoch <= nowMs && epoch > nowMs - maxAgeMs ? epoch : nowMs
}

/** Returns the body as text, or the denial `request_malformed`. */
export function readBody({ body, isBase64Encoded }: HttpEvent, maxBytes: number): Result<string, Denial> {
  if (typeof body !== 'string') return deny('request_malformed', 'the event has no body')
  const isTooLarge =
    isBase64Encoded === true ? Buffer.byteLength(body, 'base64') > maxBytes : exceedsBytes(body, maxBytes)
  if (isTooLarge) return deny('request_malformed', `the body is larger than ${maxBytes} bytes`)
  if (isBase64Encoded === true) return decodeBody(Buffer.from(body, 'base64'), maxBytes)
  return body.isWellFormed() ? pass(body) : deny('request_malformed', 'the body is not UTF-8')
}

/**
 * `multiValueHeaders`, where there is one, says more than `headers`. The case of names differs between
 * gateways; names that differ in case only are the same header sent twice.
 */
export function headersOf(event: HttpEvent): Headers {
  const several = isObject(event.multiValueHeaders) ? event.multiValueHeaders : {}
  const single = isObject(event.headers) ? event.headers : {}
  return {
    get(wanted) {
      let found: readonly string[] | undefined
      for (const name in several)
        if (isNamed(name, wanted) && Object.hasOwn(several, name)) found = append(found, several[name])
      for (const name in single)
        if (isNamed(name, wanted) && Object.hasOwn(single, name) && !Object.hasOwn(several, name))
          found = append(found, single[name])
      return found
    },
  }
}

function append(found: readonly string[] | undefined, value: unknown): readonly string[] {
  const values = (Array.isArray(value) ? value : [value]).filter((item) => typeof item === 'string')
  return found === undefined ? values : [...found, ...values]
}

/** The length is compared first, because few of a request's headers are asked for. */
function isNamed(name: string, wanted: string): boolean {
  return name.length === wanted.length && name.toLowerCase() === wanted
}

/** Says whether an application load balancer made the event; it wants its answers in a shape of their own. */
export function isFromLoadBalancer({ requestContext }: HttpEvent): boolean {
  return member(requestContext, 'elb') !== undefined
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function member(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined
}
