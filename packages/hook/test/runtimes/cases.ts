import { hookEvent, userClaims } from '@behalf/testing'
import type { HookCall, World } from '@behalf/testing/attacks'

/** A request, and what every runtime must answer: a status, and for 200 a permit or the code of a denial. */
export interface RuntimeCase {
  readonly name: string
  readonly call: (world: World) => HookCall
  readonly status: 200 | 404 | 405
  readonly outcome?: string
}

const headersOf = (world: World): HookCall['headers'] => [
  ['Authorization', world.secret],
  ['Content-Type', 'application/json'],
]

const good = (world: World): HookCall => {
  const assertion = world.okta.sign(userClaims(world.nowSeconds))
  return { headers: headersOf(world), body: JSON.stringify(hookEvent({ assertion })) }
}

const changed = (change: (call: HookCall, world: World) => Partial<HookCall>) => (world: World) => {
  const call = good(world)
  return { ...call, ...change(call, world) }
}

const denied = (
  name: string,
  outcome: string,
  change: (call: HookCall, world: World) => Partial<HookCall>,
): RuntimeCase => ({ name, call: changed(change), status: 200, outcome })

const permitted = (
  name: string,
  change: (call: HookCall, world: World) => Partial<HookCall> = () => ({}),
): RuntimeCase => ({ name, call: changed(change), status: 200, outcome: 'permit' })

/** Padding that brings a body to a length. */
const padded = (body: string | Uint8Array, bytes: number): string =>
  `${String(body)}${' '.repeat(bytes - Buffer.byteLength(body))}`

/** The largest body that is read unless configured otherwise. */
const maxBodyBytes = 262_144

/** What is the same on every runtime. */
export const cases: readonly RuntimeCase[] = [
  permitted('an exchange'),
  permitted('an exchange in bytes', ({ body }) => ({ body: Buffer.from(body) })),
  permitted('an exchange with a query', () => ({ target: '/inline-hook?x=1' })),
  permitted('headers in other cases', (_call, { secret }) => ({
    headers: [
      ['AUTHORIZATION', secret],
      ['content-TYPE', 'application/json'],
    ],
  })),
  permitted('a body as large as may be', ({ body }) => ({ body: padded(body, maxBodyBytes) })),
  denied('a body of one byte more', 'request_malformed', ({ body }) => ({
    body: padded(body, maxBodyBytes + 1),
  })),
  denied('a body of 10 MB', 'request_malformed', () => ({ body: Buffer.alloc(10_000_000, 32) })),
  denied('no body', 'request_malformed', () => ({ body: '' })),
  denied('no JSON', 'request_malformed', () => ({ body: 'hello' })),
  denied('no UTF-8', 'request_malformed', () => ({ body: new Uint8Array([0x22, 0xff, 0x22]) })),
  denied('letters of several bytes cut off', 'request_malformed', ({ body }) => ({
    body: Buffer.from(`${String(body)}\u5b89`).subarray(0, -1),
  })),
  denied('no secret', 'caller_unauthenticated', () => ({ headers: [] })),
  denied('a wrong secret', 'caller_unauthenticated', () => ({ headers: [['Authorization', 'wrong']] })),
  denied('the secret twice', 'caller_unauthenticated', (_call, { secret }) => ({
    headers: [
      ['Authorization', secret],
      ['Authorization', secret],
    ],
  })),
  denied('another content type', 'request_malformed', (_call, { secret }) => ({
    headers: [
      ['Authorization', secret],
      ['Content-Type', 'text/plain'],
    ],
  })),
  denied('another event', 'request_unsupported', ({ body }) => ({
    body: String(body).replace('com.okta.oauth2.tokens.transform', 'com.okta.saml.tokens.transform'),
  })),
  denied('no assertion', 'assertion_missing', () => ({ body: JSON.stringify(hookEvent()) })),
  denied('two assertions', 'assertion_duplicated', ({ body }) => ({
    body: String(body).replace('?assertion=', '?assertion=x&assertion='),
  })),
  denied('garbage for an assertion', 'assertion_malformed', () => ({
    body: JSON.stringify(hookEvent({ assertion: 'garbage' })),
  })),
  ...['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'].map(
    (method): RuntimeCase => ({ name: method, call: changed(() => ({ method, body: '' })), status: 405 }),
  ),
]

/** What is so wherever a request names the hook's path and nothing else. */
export const routedCases: readonly RuntimeCase[] = [
  ...[
    '/',
    '/inline-hook/',
    '//inline-hook',
    '/inline-hookx',
    '/Inline-Hook',
    '/inline%2Dhook',
    '/x/inline-hook',
  ].flatMap((target): RuntimeCase[] => [
    denied(`POST ${target}`, 'path_unknown', () => ({ target })),
    denied(`POST ${target} with a wrong secret`, 'caller_unauthenticated', () => ({
      target,
      headers: [['Authorization', 'wrong']],
    })),
    { name: `POST ${target} of somebody`, call: changed(() => ({ target, headers: [] })), status: 404 },
    { name: `GET ${target}`, call: changed(() => ({ target, method: 'GET', body: '' })), status: 404 },
  ]),
]

/** On Lambda a stage or a base path may precede the path, and a function has no other method. */
export const lambdaCases: readonly RuntimeCase[] = [
  permitted('an exchange behind a stage and a base path', () => ({ target: '/live/hooks/inline-hook' })),
  ...routedCases.filter(({ name }) => !name.startsWith('GET') && !name.startsWith('POST /x/')),
]
