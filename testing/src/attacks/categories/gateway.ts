import { hookEvent } from '../../hook-event.ts'
import type { LooseObject } from '../../signing-key.ts'
import type { Attack, Category, HookOutcome } from '../attack.ts'
import { goodAssertion, titles } from '../build.ts'
import type { World } from '../world.ts'

const title = titles('T20')

/** What API Gateway's HTTP API (payload 2.0) invokes a function with. */
function httpApiEvent(world: World): LooseObject {
  return {
    version: '2.0',
    routeKey: 'POST /inline-hook',
    rawPath: '/inline-hook',
    rawQueryString: '',
    headers: { 'content-type': 'application/json', authorization: world.secret },
    requestContext: {
      http: { method: 'POST', path: '/inline-hook', protocol: 'HTTP/1.1', sourceIp: '203.0.113.7' },
    },
    body: JSON.stringify(hookEvent({ assertion: goodAssertion(world) })),
    isBase64Encoded: false,
  }
}

/** What API Gateway's REST API invokes a function with. */
function restEvent(world: World): LooseObject {
  const { body } = httpApiEvent(world)
  const headers = { 'Content-Type': 'application/json', Authorization: world.secret }
  return {
    resource: '/inline-hook',
    path: '/inline-hook',
    httpMethod: 'POST',
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    queryStringParameters: null,
    requestContext: { httpMethod: 'POST', stage: 'prod' },
    body,
    isBase64Encoded: false,
  }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const base64 = (value: unknown): string => Buffer.from(text(value)).toString('base64')

type Change = (event: LooseObject, world: World) => unknown

const httpApi: Readonly<Record<string, readonly [HookOutcome, Change]>> = {
  'as it is': ['permit', (event) => event],
  'in base64': ['permit', (event) => ({ ...event, body: base64(event['body']), isBase64Encoded: true })],
  'in base64, not said so': ['request_malformed', (event) => ({ ...event, body: base64(event['body']) })],
  'said to be base64': ['request_malformed', (event) => ({ ...event, isBase64Encoded: true })],
  'flag as text': [
    'request_malformed',
    (event) => ({ ...event, body: base64(event['body']), isBase64Encoded: 'true' }),
  ],
  'base64 of no utf-8': [
    'request_malformed',
    (event) => ({ ...event, body: '/////w==', isBase64Encoded: true }),
  ],
  'base64 of three megabytes': [
    'request_malformed',
    (event) => ({ ...event, body: Buffer.alloc(3_000_000, 32).toString('base64'), isBase64Encoded: true }),
  ],
  'no flag': ['permit', ({ isBase64Encoded, ...event }) => event],
  'no body': ['request_malformed', ({ body, ...event }) => event],
  'body null': ['request_malformed', (event) => ({ ...event, body: null })],
  'body an object': ['request_malformed', (event) => ({ ...event, body: JSON.parse(text(event['body'])) })],
  'body empty': ['request_malformed', (event) => ({ ...event, body: '' })],
  'no headers': ['caller_unauthenticated', ({ headers, ...event }) => event],
  'headers null': ['caller_unauthenticated', (event) => ({ ...event, headers: null })],
  'headers text': ['caller_unauthenticated', (event) => ({ ...event, headers: 'authorization' })],
  'headers a list': [
    'caller_unauthenticated',
    (event, { secret }) => ({ ...event, headers: [['authorization', secret]] }),
  ],
  'header value a list': [
    'permit',
    (event, { secret }) => ({ ...event, headers: { authorization: [secret] } }),
  ],
  'header value an object': [
    'caller_unauthenticated',
    (event, { secret }) => ({ ...event, headers: { authorization: { value: secret } } }),
  ],
  'header value null': [
    'caller_unauthenticated',
    (event) => ({ ...event, headers: { authorization: null } }),
  ],
  'header joined': [
    'caller_unauthenticated',
    (event, { secret }) => ({ ...event, headers: { authorization: `${secret},${secret}` } }),
  ],
  'header in odd case': ['permit', (event, { secret }) => ({ ...event, headers: { aUtHoRiZaTiOn: secret } })],
  'header in two cases': [
    'caller_unauthenticated',
    (event, { secret }) => ({ ...event, headers: { authorization: secret, Authorization: 'wrong' } }),
  ],
  'header inherited': [
    'caller_unauthenticated',
    (event, { secret }) => ({ ...event, headers: Object.create({ authorization: secret }) }),
  ],
  'secret in a cookie': [
    'caller_unauthenticated',
    ({ headers, ...event }, { secret }) => ({ ...event, cookies: [`authorization=${secret}`] }),
  ],
  'secret in the query': [
    'caller_unauthenticated',
    ({ headers, ...event }, { secret }) => ({ ...event, queryStringParameters: { authorization: secret } }),
  ],
  'method GET': [405, (event) => ({ ...event, requestContext: { http: { method: 'GET' } } })],
  'method that disagrees': [405, (event) => ({ ...event, httpMethod: 'GET' })],
  'no method': ['permit', (event) => ({ ...event, requestContext: {} })],
  'no request context': ['permit', ({ requestContext, ...event }) => event],
  'request context null': ['permit', (event) => ({ ...event, requestContext: null })],
  'http null': ['permit', (event) => ({ ...event, requestContext: { http: null } })],
  'another version': ['permit', (event) => ({ ...event, version: '9.0' })],
  'another path': ['path_unknown', (event) => ({ ...event, rawPath: '/prod/somewhere' })],
  'path behind a stage': ['permit', (event) => ({ ...event, rawPath: '/prod/inline-hook' })],
}

const rest: Readonly<Record<string, readonly [HookOutcome, Change]>> = {
  'as it is': ['permit', (event) => event],
  'in base64': ['permit', (event) => ({ ...event, body: base64(event['body']), isBase64Encoded: true })],
  'headers alone': ['permit', ({ multiValueHeaders, ...event }) => event],
  'several-valued headers alone': ['permit', ({ headers, ...event }) => event],
  'several-valued headers null': ['permit', (event) => ({ ...event, multiValueHeaders: null })],
  'secret twice': [
    'caller_unauthenticated',
    (event, { secret }) => ({ ...event, multiValueHeaders: { Authorization: [secret, secret] } }),
  ],
  'right and wrong secret': [
    'caller_unauthenticated',
    (event, { secret }) => ({ ...event, multiValueHeaders: { Authorization: ['wrong', secret] } }),
  ],
  'headers that disagree': [
    'caller_unauthenticated',
    (event) => ({ ...event, multiValueHeaders: { Authorization: ['wrong'] } }),
  ],
  'no value': ['caller_unauthenticated', (event) => ({ ...event, multiValueHeaders: { Authorization: [] } })],
  'values of other types': [
    'caller_unauthenticated',
    (event) => ({ ...event, multiValueHeaders: { Authorization: [7, null, {}] } }),
  ],
  'method GET': [405, (event) => ({ ...event, httpMethod: 'GET' })],
  'method null': ['permit', (event) => ({ ...event, httpMethod: null })],
  compressed: [
    'request_malformed',
    (event, { secret }) => ({
      ...event,
      multiValueHeaders: { Authorization: [secret], 'Content-Encoding': ['gzip'] },
    }),
  ],
}

const notHttp: Readonly<Record<string, unknown>> = {
  undefined: undefined,
  null: null,
  text: 'POST /inline-hook',
  number: 1,
  true: true,
  list: [],
  'empty object': {},
  'scheduled event': { version: '0', source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} },
  'queue event': { Records: [{ body: '{}', messageId: '1' }] },
  'direct hook event': hookEvent(),
}

const attack = (id: string, hook: HookOutcome, event: (world: World) => unknown): Attack => ({
  ...title(id),
  event,
  expect: { hook },
})

/** What a gateway makes of a request, and what else a function may be invoked with. */
export const gateway: Category = {
  name: 'gateway',
  attacks: [
    ...Object.entries(httpApi).map(([name, [hook, change]]) =>
      attack(`http api ${name}`, hook, (world) => change(httpApiEvent(world), world)),
    ),
    ...Object.entries(rest).map(([name, [hook, change]]) =>
      attack(`rest api ${name}`, hook, (world) => change(restEvent(world), world)),
    ),
    ...Object.entries(notHttp).map(([name, event]) =>
      attack(`no http: ${name}`, 'request_malformed', () => event),
    ),
  ],
}
