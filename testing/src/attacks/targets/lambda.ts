import { createLambdaHandler } from '@behalf/hook/lambda'
import type { HookCall } from '../attack.ts'
import type { HookTarget, HttpReply } from '../target.ts'
import { startHook } from './start-hook.ts'

/** A function as Lambda invokes it. */
export type Invoke = (event: object) => Promise<{
  readonly statusCode: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
}>

/** The hook on Lambda behind an HTTP API, payload 2.0. */
export const lambdaTarget: HookTarget = {
  name: 'lambda',
  start: async (setup) => underHttpApi(createLambdaHandler(await startHook(setup))),
}

/** The hook on Lambda behind a REST API. */
export const lambdaRestTarget: HookTarget = {
  name: 'lambda (rest)',
  async start(setup) {
    const handler = createLambdaHandler(await startHook(setup))
    return {
      call: async (call) => toReply(await handler(toRestEvent(call))),
      [Symbol.asyncDispose]: async () => undefined,
    }
  },
}

/** Any handler for HTTP API events, e.g. that of a packed function. */
export function underHttpApi(handler: Invoke): Awaited<ReturnType<HookTarget['start']>> {
  return {
    call: async (call) => toReply(await handler(toHttpApiEvent(call))),
    // What is invoked with no object at all is one of the attacks.
    invoke: async (event) => toReply(await handler(event as object)),
    [Symbol.asyncDispose]: async () => undefined,
  }
}

function toReply({ statusCode, headers = {}, body }: Awaited<ReturnType<Invoke>>): HttpReply {
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const)
  return { status: statusCode, headers: Object.fromEntries(lower), body }
}

/** Text goes as it is, bytes as base64; headers of one name are joined, and names are in lower case. */
function toHttpApiEvent({ method = 'POST', target = '/inline-hook', headers, body }: HookCall): object {
  const [rawPath, rawQueryString = ''] = target.split('?')
  const joined: Record<string, string> = {}
  for (const [name, value] of headers) {
    const lower = name.toLowerCase()
    joined[lower] = lower in joined ? `${joined[lower]},${value}` : value
  }
  return {
    version: '2.0',
    routeKey: `${method} /inline-hook`,
    rawPath,
    rawQueryString,
    headers: joined,
    requestContext: { http: { method, path: rawPath } },
    ...toBody(body),
  }
}

function toRestEvent({ method = 'POST', target = '/inline-hook', headers, body }: HookCall): object {
  const [path] = target.split('?')
  const several = Object.groupBy(headers, ([name]) => name)
  const values = Object.entries(several).map(
    ([name, all = []]) => [name, all.map(([, value]) => value)] as const,
  )
  return {
    resource: '/{proxy+}',
    path,
    httpMethod: method,
    headers: Object.fromEntries(values.map(([name, all]) => [name, all.at(-1)])),
    multiValueHeaders: Object.fromEntries(values),
    requestContext: { httpMethod: method },
    ...toBody(body),
  }
}

function toBody(body: string | Uint8Array): object {
  return typeof body === 'string'
    ? { body, isBase64Encoded: false }
    : { body: Buffer.from(body).toString('base64'), isBase64Encoded: true }
}
