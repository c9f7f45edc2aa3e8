import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { hookEvent } from '../../hook-event.ts'
import type { Attack, Category, HookCall } from '../attack.ts'
import { goodAssertion, oktaCall, oktaHeaders, sent, titles } from '../build.ts'
import type { World } from '../world.ts'

const title = titles('T19')

const goodBody = (world: World): string => JSON.stringify(hookEvent({ assertion: goodAssertion(world) }))

const bodies: Readonly<Record<string, (good: string) => string | Uint8Array>> = {
  empty: () => '',
  space: () => ' ',
  'not json': () => 'assertion=eyJ',
  null: () => 'null',
  true: () => 'true',
  number: () => '200',
  'number beyond all bounds': () => '1e999',
  text: () => '"com.okta.oauth2.tokens.transform"',
  'text of the event': (good) => JSON.stringify(good),
  list: (good) => `[${good}]`,
  'empty list': () => '[]',
  'empty object': () => '{}',
  'object without data': (good) => good.replace('"data"', '"date"'),
  'data null': (good) => `${good.slice(0, good.indexOf('"data"'))}"data":null}`,
  'data a list': (good) => `${good.slice(0, good.indexOf('"data"'))}"data":[]}`,
  'context null': (good) => good.replace('"context":{', '"context":null,"x":{'),
  'context text': (good) => good.replace('"context":{', '"context":"POST","x":{'),
  'request null': (good) => good.replace('"request":{"id"', '"request":null,"x":{"id"'),
  'url text': (good) => good.replace('"url":{', '"url":"https://example.okta.com","x":{'),
  'protocol a list': (good) => good.replace('"protocol":{', '"protocol":[],"x":{'),
  'client text': (good) => good.replace('"client":{', '"client":"0oaApiA","x":{'),
  'access a list': (good) => good.replace('"access":{', '"access":[],"x":{'),
  'claims a list': (good) => good.replace('"claims":{', '"claims":[],"x":{'),
  'scopes a list': (good) => good.replace('"scopes":{', '"scopes":["orders:read"],"x":{'),
  'lifetime text': (good) => good.replace('"expiration":3600', '"expiration":"3600"'),
  'lifetime beyond all bounds': (good) => good.replace('"expiration":3600', '"expiration":1e999'),
  'method a number': (good) => good.replace('"method":"POST"', '"method":1'),
  'grant type a list': (good) => good.replace('"client_credentials"', '["client_credentials"]'),
  'cut off': (good) => good.slice(0, -1),
  'cut off in the middle': (good) => good.slice(0, good.length / 2),
  'cut off in a text': (good) => good.slice(0, good.indexOf('eyJ') + 10),
  'more after it': (good) => `${good}{}`,
  twice: (good) => `${good}${good}`,
  'nul after it': (good) => `${good}\0`,
  'byte order mark': (good) => `\ufeff${good}`,
  comment: (good) => `/* */${good}`,
  'trailing comma': (good) => `${good.slice(0, -1)},}`,
  'single quotes': (good) => good.replaceAll('"', "'"),
  NaN: (good) => `{"x":NaN,${good.slice(1)}`,
  'member twice': (good) => `{"eventType":"com.okta.saml.tokens.transform",${good.slice(1)}`,
  'data twice': (good) => `{"data":{},${good.slice(1)}`,
  'url twice': (good) => good.replace('"value":"https', '"value":"https://example.okta.com/","value":"https'),
  'cid twice': (good) => good.replace('"cid":', '"cid":"0oaFree","cid":'),
  'member twice, escaped': (good) => `{"event\\u0054ype":"x",${good.slice(1)}`,
  '__proto__ twice': (good) => `{"__proto__":{},"__proto__":{},${good.slice(1)}`,
  'inherited event': (good) => `{"__proto__":${good}}`,
  'inherited data': (good) => good.replace('"data"', '"__proto__"'),
  'depth of 100': (good) => `{"x":${'['.repeat(100)}${']'.repeat(100)},${good.slice(1)}`,
  'depth of 100 000': () => `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
  'brackets never closed': () => '{"a":'.repeat(40_000),
  'quote never closed': () => `{"x":"${'\\"'.repeat(50_000)}`,
  'utf-16': (good) => Buffer.from(good, 'utf16le'),
  'utf-16 with a mark': (good) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(good, 'utf16le')]),
  'latin-1': (good) => Buffer.from(good.replace('API A', 'API \u00c4'), 'latin1'),
  'no utf-8': () => new Uint8Array([0x7b, 0xff, 0x7d]),
  'overlong utf-8': (good) =>
    Buffer.concat([Buffer.from('{"x":"'), Buffer.from([0xc0, 0xaf]), Buffer.from(`",${good.slice(1)}`)]),
  'encoded half of a surrogate pair': (good) =>
    Buffer.concat([
      Buffer.from('{"x":"'),
      Buffer.from([0xed, 0xa0, 0x80]),
      Buffer.from(`",${good.slice(1)}`),
    ]),
  'last letter cut': (good) => Buffer.from(`${good}\u20ac`).subarray(0, -1),
  gzip: (good) => gzipSync(good),
  form: (good) => `event=${encodeURIComponent(good)}`,
  xml: () => '<event/>',
  '300 kilobytes': (good) => `{"x":"${'x'.repeat(300_000)}",${good.slice(1)}`,
  'three megabytes': (good) => `{"x":"${'x'.repeat(3_000_000)}",${good.slice(1)}`,
  'three megabytes of spaces': (good) => `${good}${' '.repeat(3_000_000)}`,
}

const malformed: readonly Attack[] = Object.entries(bodies).map(([name, change]) =>
  sent(
    title(`body ${name}`),
    (world) => ({ headers: oktaHeaders(world), body: change(goodBody(world)) }),
    'request_malformed',
  ),
)

type Headers = HookCall['headers']

const withType = (world: World, type: string): Headers => [
  ['Authorization', world.secret],
  ['Content-Type', type],
]

const refusedTypes = [
  'text/plain',
  'text/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/xml',
  'application/jsonp',
  'application/json-seq',
  'application/json; charset=utf-16',
  'application/json; charset=iso-8859-1',
  'application/json; charset=utf-7',
  'application/json; charset=utf-8; charset=utf-16',
  'application/json, text/plain',
  'application/json;',
  'json',
  '*/*',
]

const acceptedTypes = [
  'application/json',
  'APPLICATION/JSON',
  'application/json;charset=utf-8',
  'application/json; charset=UTF-8',
  'application/json; charset="utf-8"',
]

const typed: readonly Attack[] = [
  ...refusedTypes.map((type, index) =>
    sent(
      title(`refused content type ${index}`, `content type ${type}`),
      (world) => ({ headers: withType(world, type), body: goodBody(world) }),
      'request_malformed',
    ),
  ),
  ...acceptedTypes.map((type, index) =>
    sent(
      title(`accepted content type ${index}`, `content type ${type}`),
      (world) => ({ headers: withType(world, type), body: goodBody(world) }),
      'permit',
    ),
  ),
  sent(
    title('no content type'),
    (world) => ({ headers: [['Authorization', world.secret]], body: Buffer.from(goodBody(world)) }),
    'permit',
  ),
]

const compressed: Readonly<Record<string, readonly [string, (body: string) => Uint8Array]>> = {
  gzip: ['gzip', (body) => gzipSync(body)],
  'gzip in upper case': ['GZIP', (body) => gzipSync(body)],
  'gzip of ten megabytes': ['gzip', () => gzipSync(Buffer.alloc(10_000_000))],
  deflate: ['deflate', (body) => deflateSync(body)],
  br: ['br', (body) => brotliCompressSync(body)],
  'gzip that is none': ['gzip', (body) => Buffer.from(body)],
  'gzip and identity': ['identity, gzip', (body) => gzipSync(body)],
  'unknown encoding': ['x-unknown', (body) => Buffer.from(body)],
}

const encoded: readonly Attack[] = [
  ...Object.entries(compressed).map(([name, [encoding, change]]) =>
    sent(
      title(`compressed ${name}`),
      (world) => ({
        headers: [...oktaHeaders(world), ['Content-Encoding', encoding]],
        body: change(goodBody(world)),
      }),
      'request_malformed',
    ),
  ),
  sent(
    title('identity encoding'),
    (world) => ({
      headers: [...oktaHeaders(world), ['Content-Encoding', 'identity']],
      body: goodBody(world),
    }),
    'permit',
  ),
]

const methods: readonly Attack[] = ['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'].map((method) =>
  sent(title(`method ${method}`), (world) => ({ headers: oktaHeaders(world), body: '', method }), 405),
)

const headersThatLie: Readonly<Record<string, readonly [string, string]>> = {
  'method override': ['X-HTTP-Method-Override', 'GET'],
  'forwarded for': ['X-Forwarded-For', '127.0.0.1'],
  'original url': ['X-Original-URL', '/healthz'],
  'accept of something else': ['Accept', 'text/html'],
  'client certificate': ['X-Client-Cert', 'none'],
}

const harmless: readonly Attack[] = Object.entries(headersThatLie).map(([name, header]) =>
  sent(
    title(`header ${name}`, `a header that is not looked at: ${name}`),
    (world) => ({
      ...oktaCall(world, { assertion: goodAssertion(world) }),
      headers: [...oktaHeaders(world), header],
    }),
    'permit',
  ),
)

/** Bodies, content types and encodings of every kind. */
export const transport: Category = {
  name: 'transport',
  attacks: [...malformed, ...typed, ...encoded, ...methods, ...harmless],
}
