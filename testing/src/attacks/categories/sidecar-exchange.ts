import { encodePart } from '../../signing-key.ts'
import type { Attack, Category, SidecarOutcome } from '../attack.ts'
import { goodAssertion, titles } from '../build.ts'
import { accessTokenType, beside, type ExchangeParts, exchangeForm, exchanging } from '../build-sidecar.ts'
import { assertionForge, delegatedForge } from '../forge.ts'
import { orders, stock } from '../setup.ts'
import type { World } from '../world.ts'

const title = titles('T53')
const jwtType = 'urn:ietf:params:oauth:token-type:jwt'
type Parameters = NonNullable<ExchangeParts['parameters']>

/** Parameters in place of those of a good request. */
const parameters: Readonly<Record<string, readonly [SidecarOutcome, (world: World) => Parameters]>> = {
  'two grant types': [
    '400 invalid_request',
    () => ({ grant_type: ['urn:ietf:params:oauth:grant-type:token-exchange', 'client_credentials'] }),
  ],
  'another grant type': ['400 unsupported_grant_type', () => ({ grant_type: ['client_credentials'] })],
  'the grant type in other letters': [
    '400 unsupported_grant_type',
    () => ({ grant_type: ['URN:ietf:params:oauth:grant-type:token-exchange'] }),
  ],
  'no grant type': ['400 invalid_request', () => ({ grant_type: [] })],
  'an empty grant type': ['400 invalid_request', () => ({ grant_type: [''] })],
  'two subject tokens': [
    '400 invalid_request',
    (world) => ({ subject_token: [goodAssertion(world), goodAssertion(world)] }),
  ],
  'an empty subject token before the good one': [
    '400 invalid_request',
    (world) => ({ subject_token: ['', goodAssertion(world)] }),
  ],
  'no subject token': ['400 invalid_request', () => ({ subject_token: [] })],
  'the subject token as an assertion': [
    '400 invalid_request',
    (world) => ({ subject_token: [], assertion: [goodAssertion(world)] }),
  ],
  'no type of the subject token': ['400 invalid_request', () => ({ subject_token_type: [] })],
  'an id token': [
    '400 invalid_request',
    () => ({ subject_token_type: ['urn:ietf:params:oauth:token-type:id_token'] }),
  ],
  'a refresh token': [
    '400 invalid_request',
    () => ({ subject_token_type: ['urn:ietf:params:oauth:token-type:refresh_token'] }),
  ],
  SAML: ['400 invalid_request', () => ({ subject_token_type: ['urn:ietf:params:oauth:token-type:saml2'] })],
  'the type in other letters': [
    '400 invalid_request',
    () => ({ subject_token_type: [accessTokenType.toUpperCase()] }),
  ],
  'the type with a blank': ['400 invalid_request', () => ({ subject_token_type: [`${accessTokenType} `] })],
  'a refresh token is wanted': [
    '400 invalid_request',
    () => ({ requested_token_type: ['urn:ietf:params:oauth:token-type:refresh_token'] }),
  ],
  'two targets': ['400 invalid_target', () => ({ resource: [orders, stock] })],
  'two targets by two names': ['400 invalid_target', () => ({ audience: [stock] })],
  'no target among two': ['400 invalid_target', () => ({ resource: [] })],
  'an unknown target': ['400 invalid_target', () => ({ resource: ['https://hr.example'] })],
  'the target with a slash': ['400 invalid_target', () => ({ resource: [`${orders}/`] })],
  'the target in other letters': ['400 invalid_target', () => ({ resource: [orders.toUpperCase()] })],
  'a name of the prototype as target': ['400 invalid_target', () => ({ resource: ['__proto__'] })],
  'a target of bytes that are no UTF-8': ['400 invalid_target', () => ({ resource: [`${orders}\ufffd`] })],
  'a scope beyond those of the target': [
    '400 invalid_scope',
    () => ({ scope: ['orders:read orders:admin'] }),
  ],
  'a blank as scope': ['400 invalid_scope', () => ({ scope: [' '] })],
  'two blanks between scopes': ['400 invalid_scope', () => ({ scope: ['orders:read  orders:read'] })],
  'a line break between scopes': ['400 invalid_scope', () => ({ scope: ['orders:read\norders:read'] })],
  'a quote in a scope': ['400 invalid_scope', () => ({ scope: ['orders:read"'] })],
  'two scope parameters': ['400 invalid_request', () => ({ scope: ['orders:read', 'orders:read'] })],
  "a user's token as actor": [
    '400 invalid_request',
    (world) => ({ actor_token: [goodAssertion(world)], actor_token_type: [accessTokenType] }),
  ],
  'an actor without its type': ['400 invalid_request', (world) => ({ actor_token: [goodAssertion(world)] })],
  'the type of no actor': ['400 invalid_request', () => ({ actor_token_type: [jwtType] })],
  'an empty actor with a type': [
    '400 invalid_request',
    () => ({ actor_token: [''], actor_token_type: [jwtType] }),
  ],
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Subject tokens that are not the one whose delegated token is in the cache, however much of it they have. */
const subjects: Readonly<Record<string, (world: World) => string>> = {
  'without a signature': (world) => goodAssertion(world).replace(/[^.]*$/, ''),
  "with another token's signature": (world) =>
    goodAssertion(world).replace(/[^.]*$/, '') +
    (assertionForge(world).sign({ sub: 'eve@example.com' }).split('.')[2] ?? ''),
  'with padding': (world) => `${goodAssertion(world)}=`,
  'behind a blank': (world) => ` ${goodAssertion(world)}`,
  'before a line break': (world) => `${goodAssertion(world)}\n`,
  'with a part more': (world) => `${goodAssertion(world)}.`,
  'as a bearer token': (world) => `Bearer ${goodAssertion(world)}`,
  'with a later end': (world) => {
    const [header = '', payload = '', signature = ''] = goodAssertion(world).split('.')
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
    return `${header}.${encode({ ...claims, exp: claims.exp + 1 })}.${signature}`
  },
  'that says alg none': (world) =>
    `${encodePart({ alg: 'none' })}.${goodAssertion(world).split('.')[1] ?? ''}.`,
  'that has ended': (world) => assertionForge(world).sign({ exp: world.nowSeconds - 1 }),
  'for another API': (world) => assertionForge(world).sign({ aud: 'api://other' }),
  'of another issuer': (world) => assertionForge(world, world.mixed).sign(),
  'that is delegated already': (world) => delegatedForge(world).sign({ aud: 'api://a' }),
  'of a machine': (world) =>
    assertionForge(world).sign({ sub: '0oaBatch', cid: '0oaBatch', uid: undefined, auth_time: undefined }),
  'with null as subject': (world) => assertionForge(world).sign({ sub: null }),
}

const formType = 'application/x-www-form-urlencoded'
const good = (world: World): string => exchangeForm(world)

/** How the form is sent. */
const bodies: Readonly<
  Record<string, readonly [SidecarOutcome, (world: World, host: string) => ExchangeParts]>
> = {
  'as JSON': [
    '400 invalid_request',
    (_, host) => ({
      headers: [
        ['Host', host],
        ['Content-Type', 'application/json'],
      ],
    }),
  ],
  'as multipart': [
    '400 invalid_request',
    (_, host) => ({
      headers: [
        ['Host', host],
        ['Content-Type', 'multipart/form-data; boundary=x'],
      ],
    }),
  ],
  'as text': [
    '400 invalid_request',
    (_, host) => ({
      headers: [
        ['Host', host],
        ['Content-Type', 'text/plain'],
      ],
    }),
  ],
  'without a type': ['400 invalid_request', (_, host) => ({ headers: [['Host', host]] })],
  'with two types': [
    '400 invalid_request',
    (_, host) => ({ headers: beside(host, ['Content-Type', 'application/json']) }),
  ],
  'in another charset': [
    '400 invalid_request',
    (_, host) => ({
      headers: [
        ['Host', host],
        ['Content-Type', `${formType}; charset=utf-16`],
      ],
    }),
  ],
  'with a parameter of its type': [
    '400 invalid_request',
    (_, host) => ({
      headers: [
        ['Host', host],
        ['Content-Type', `${formType}; x=application/json`],
      ],
    }),
  ],
  'in UTF-8, which it says': [
    '200',
    (_, host) => ({
      headers: [
        ['Host', host],
        ['Content-Type', `${formType.toUpperCase()};charset="UTF-8"`],
      ],
    }),
  ],
  'behind a byte order mark': ['400 invalid_request', (world) => ({ body: `\xef\xbb\xbf${good(world)}` })],
  'with bytes that are no UTF-8': ['400 invalid_request', (world) => ({ body: `${good(world)}&x=\xff` })],
  'with a semicolon between': [
    '400 unsupported_grant_type',
    (world) => ({ body: good(world).replace('&', ';') }),
  ],
  'beyond the limit': [
    '413 invalid_request',
    (world) => ({ body: `${good(world)}&x=${'x'.repeat(65_536)}` }),
  ],
  'of many parameters': [
    '200',
    (world) => ({ body: good(world) + Array.from({ length: 8_000 }, (_, index) => `&${index}=`).join('') }),
  ],
  'with one parameter many times': [
    '400 invalid_request',
    (world) => ({ body: good(world) + '&x=1'.repeat(8_000) }),
  ],
  'with a target many times': [
    '400 invalid_target',
    (world) => ({
      body: good(world) + Array.from({ length: 2_000 }, (_, index) => `&resource=${index}`).join(''),
    }),
  ],
  empty: ['400 invalid_request', () => ({ body: '' })],
}

const lines: Readonly<Record<string, readonly [SidecarOutcome, string]>> = {
  'with a query': ['400 invalid_request', 'POST /token?subject_token=x'],
  'with an empty query': ['400 invalid_request', 'POST /token?'],
  'by GET': ['405 invalid_request', 'GET /token'],
  'by PUT': ['405 invalid_request', 'PUT /token'],
  'at a path with a slash': ['404', 'POST /token/'],
  'at a path with two slashes': ['404', 'POST //token'],
  'at a path in other letters': ['404', 'POST /Token'],
  'at an escaped path': ['404', 'POST /%74oken'],
  'at a path with dots': ['404', 'POST /verify/../token'],
  'at a path with a parameter': ['404', 'POST /token;x=y'],
  'at an absolute target': ['404', 'POST http://evil.example/token'],
}

const exchanges: readonly Attack[] = [
  exchanging({ ...title('a good request'), threat: 'control' }, '200', () => ({})),
  exchanging({ ...title('a good request for a JWT'), threat: 'control' }, '200', () => ({
    parameters: {
      subject_token_type: [jwtType],
      requested_token_type: [jwtType],
      resource: [],
      audience: [orders],
    },
  })),
  exchanging({ ...title('one target that is named again and again'), threat: 'control' }, '200', () => ({
    parameters: { resource: [orders, '', orders], audience: [orders], scope: [''] },
  })),
  ...Object.entries(subjects).map(([name, subject]) =>
    exchanging(title(`subject token ${name}`), '400 invalid_request', (world) => ({
      parameters: { subject_token: [subject(world)] },
    })),
  ),
  ...Object.entries(parameters).map(([name, [outcome, changes]]) =>
    exchanging(title(name), outcome, (world) => ({ parameters: changes(world) })),
  ),
  ...Object.entries(bodies).map(([name, [outcome, parts]]) =>
    exchanging(title(`form ${name}`), outcome, parts),
  ),
  ...Object.entries(lines).map(([name, [outcome, line]]) =>
    exchanging(title(`asked ${name}`), outcome, () => ({ line })),
  ),
  exchanging(title('a method that is overridden'), '405 invalid_request', (_, host) => ({
    line: 'GET /token',
    headers: beside(host, ['X-HTTP-Method-Override', 'POST']),
  })),
  exchanging(title('another address in a header'), '404', (_, host) => ({
    line: 'POST /elsewhere',
    headers: beside(host, ['X-Original-URL', '/token'], ['X-Rewrite-URL', '/token']),
  })),
]

/** How bytes are put on the connection, which the two before do not say. */
const wires: readonly Attack[] = [
  wire('in chunks', '200', (body) => ['Transfer-Encoding: chunked', `${chunk(body)}0\r\n\r\n`]),
  wire('in chunks of one byte', '200', (body) => [
    'Transfer-Encoding: chunked',
    `${[...body].map(chunk).join('')}0\r\n\r\n`,
  ]),
  wire('in chunks beyond the limit', '413 invalid_request', (body) => [
    'Transfer-Encoding: chunked',
    `${chunk(`${body}&x=`)}${chunk('x'.repeat(40_000)).repeat(2)}0\r\n\r\n`,
  ]),
  wire('with two lengths', '400', (body) => [`Content-Length: ${body.length}\r\nContent-Length: 5`, body]),
  wire('with a length and chunks', '400', (body) => [
    `Content-Length: 5\r\nTransfer-Encoding: chunked`,
    `${chunk(body)}0\r\n\r\n`,
  ]),
  wire('with a folded header', '400', (body) => [`X-A: a\r\n b\r\nContent-Length: ${body.length}`, body]),
  wire('with parameters in the trailer', '400 invalid_request', () => [
    'Transfer-Encoding: chunked\r\nTrailer: subject_token',
    `${chunk('grant_type=x')}0\r\nsubject_token: x\r\n\r\n`.replace('grant_type=x', 'grant_typ=xx'),
  ]),
]

function wire(
  name: string,
  sidecar: SidecarOutcome,
  rest: (body: string) => readonly [headers: string, body: string],
): Attack {
  return {
    ...title(`sent ${name}`),
    sidecar(world, host) {
      const [headers, body] = rest(good(world))
      return `POST /token HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nContent-Type: ${formType}\r\n${headers}\r\n\r\n${body}`
    },
    expect: { sidecar },
  }
}

function chunk(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`
}

/** What the token endpoint is asked for, and how; a good request comes first, so that the cache has its token. */
export const sidecarExchange: Category = { name: 'sidecar-exchange', attacks: [...exchanges, ...wires] }
