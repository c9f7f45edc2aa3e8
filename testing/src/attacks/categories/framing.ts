import type { Attack, Category, HookOutcome } from '../attack.ts'
import { goodAssertion, oktaCall, titles } from '../build.ts'
import type { World } from '../world.ts'

const title = titles('T19')

/** A request as bytes on a connection. */
const raw = (id: string, hook: HookOutcome, wire: (body: string, world: World) => string): Attack => ({
  ...title(id),
  wire: (world) => wire(String(oktaCall(world, { assertion: goodAssertion(world) }).body), world),
  expect: { hook },
})

const start = (world: World): string =>
  `POST /inline-hook HTTP/1.1\r\nHost: hook.example\r\nConnection: close\r\nContent-Type: application/json\r\nAuthorization: ${world.secret}\r\n`
const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`

const wires: readonly Attack[] = [
  raw(
    'with a length',
    'permit',
    (body, world) => `${start(world)}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  ),
  raw('in chunks', 'permit', (body, world) => {
    const half = body.length / 2
    return `${start(world)}Transfer-Encoding: chunked\r\n\r\n${chunk(body.slice(0, half))}${chunk(body.slice(half))}0\r\n\r\n`
  }),
  raw(
    'in chunks of one byte',
    'permit',
    (body, world) =>
      `${start(world)}Transfer-Encoding: chunked\r\n\r\n${[...body].map(chunk).join('')}0\r\n\r\n`,
  ),
  raw(
    'chunk extensions',
    'permit',
    (body, world) =>
      `${start(world)}Transfer-Encoding: chunked\r\n\r\n${chunk(body).replace('\r\n', ';x=y\r\n')}0\r\n\r\n`,
  ),
  raw(
    'chunks beyond the limit',
    'request_malformed',
    (_body, world) =>
      `${start(world)}Transfer-Encoding: chunked\r\n\r\n${chunk(' '.repeat(50_000)).repeat(7)}0\r\n\r\n`,
  ),
  raw('no length', 'request_malformed', (_body, world) => `${start(world)}\r\n`),
  raw('length of zero', 'request_malformed', (_body, world) => `${start(world)}Content-Length: 0\r\n\r\n`),
  raw(
    'body that never ends',
    'deadline_exceeded',
    (body, world) => `${start(world)}Content-Length: 100000\r\n\r\n${body}`,
  ),
  raw(
    'length shorter than the body',
    'request_malformed',
    (body, world) => `${start(world)}Content-Length: 20\r\n\r\n${body}`,
  ),
  raw(
    'two lengths',
    'request_malformed',
    (body, world) => `${start(world)}Content-Length: ${body.length}\r\nContent-Length: 5\r\n\r\n${body}`,
  ),
  raw(
    'length and chunks',
    'request_malformed',
    (body, world) =>
      `${start(world)}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n${chunk(body)}0\r\n\r\n`,
  ),
  raw(
    'negative length',
    'request_malformed',
    (body, world) => `${start(world)}Content-Length: -1\r\n\r\n${body}`,
  ),
  raw(
    'length in hex',
    'request_malformed',
    (body, world) => `${start(world)}Content-Length: 0x10\r\n\r\n${body}`,
  ),
  raw(
    'broken chunk',
    'request_malformed',
    (body, world) => `${start(world)}Transfer-Encoding: chunked\r\n\r\nzz\r\n${body}\r\n0\r\n\r\n`,
  ),
  raw(
    'chunked written twice',
    'request_malformed',
    (body, world) => `${start(world)}Transfer-Encoding: chunked, chunked, x\r\n\r\n${chunk(body)}0\r\n\r\n`,
  ),
  raw(
    'folded header',
    'request_malformed',
    (body, world) => `${start(world)}X-A: a\r\n b\r\n : c\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  ),
  raw(
    'header with a nul',
    'request_malformed',
    (body, world) => `${start(world)}X-A: a\0b\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  ),
  raw(
    'headers beyond what is read',
    'request_malformed',
    (body, world) =>
      `${start(world)}X-Padding: ${'x'.repeat(20_000)}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  ),
  raw('no http', 'request_malformed', () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'),
  raw(
    'absolute target',
    'permit',
    (body, world) =>
      `${start(world).replace(' /', ' http://hook.example/')}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  ),
  raw(
    'expectation',
    'permit',
    (body, world) =>
      `${start(world)}Expect: 100-continue\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  ),
  raw(
    'unknown expectation',
    'permit',
    (body, world) =>
      `${start(world)}Expect: 200-ok\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  ),
  raw(
    'upgrade',
    'permit',
    (body, world) =>
      `${start(world).replace('Connection: close', 'Connection: Upgrade, close')}Upgrade: h2c\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  ),
  raw(
    'other path',
    'path_unknown',
    (body, world) =>
      `${start(world).replace('/inline-hook', '/inline-hook/x')}Content-Length: ${body.length}\r\n\r\n${body}`,
  ),
  raw(
    'upper-case path',
    'path_unknown',
    (body, world) =>
      `${start(world).replace('/inline-hook', '/INLINE-HOOK')}Content-Length: ${body.length}\r\n\r\n${body}`,
  ),
  raw(
    'path with a query',
    'permit',
    (body, world) =>
      `${start(world).replace('/inline-hook', '/inline-hook?x=1')}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  ),
  raw(
    'header of 12 kilobytes',
    'permit',
    (body, world) =>
      `${start(world)}X-A: ${'a'.repeat(12_000)}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  ),
]

/** How a request is framed on its connection, where two readers could disagree on where it ends. */
export const framing: Category = { name: 'framing', attacks: wires }
