import {
  delegatedClaims,
  generateSigningKey,
  type LooseObject,
  ManualClock,
  TestIssuer,
  userClaims,
} from '@behalf/testing'
import { createVerifier, type TokenKind } from '@behalf/verify'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  accessHeaders,
  createVerifyEndpoint,
  type PassRefusal,
  type VerifyEndpointOptions,
} from '../src/index.ts'

const key = generateSigningKey()

async function setUp(options: Partial<VerifyEndpointOptions> & { accept?: readonly TokenKind[] } = {}) {
  const clock = new ManualClock()
  const issuer = await TestIssuer.start([key])
  onTestFinished(() => issuer.close())
  const refusals: PassRefusal[] = []
  const { accept = ['delegated', 'machine'], ...others } = options
  const verifier = createVerifier({ issuer: issuer.issuer, audience: 'api://b', accept, clock })
  const verify = createVerifyEndpoint({
    verifier,
    proxy: 'nginx',
    onRefusal: (refusal) => refusals.push(refusal),
    ...others,
  })
  const token = (claims: LooseObject = {}) => issuer.sign(delegatedClaims(clock.seconds, claims))
  return {
    clock,
    issuer,
    refusals,
    token,
    /** Asks about a request with a good token, unless headers say otherwise. */
    ask: (target: string, headers: Readonly<Record<string, string>> = {}, method = 'GET') =>
      verify(
        new Request('http://behalf/verify', {
          headers: {
            authorization: `Bearer ${token()}`,
            'x-original-uri': target,
            'x-original-method': method,
            ...headers,
          },
        }),
      ),
  }
}

const named = (response: Response): Readonly<Record<string, string>> =>
  Object.fromEntries([...response.headers].filter(([name]) => name.startsWith('x-behalf-')))

describe('the verify endpoint', () => {
  it('says who calls, in every header', async () => {
    const { ask, issuer, clock } = await setUp()
    const response = await ask('/orders')
    expect(response.status).toBe(200)
    expect(named(response)).toEqual({
      'x-behalf-kind': 'delegated',
      'x-behalf-issuer': issuer.issuer,
      'x-behalf-subject': 'ann@example.com',
      'x-behalf-user-issuer': 'https://example.okta.com/oauth2/default',
      'x-behalf-user-subject': 'ann@example.com',
      'x-behalf-client': '0oaApiA',
      'x-behalf-actor': '0oaApiA',
      'x-behalf-actor-profile': 'service',
      'x-behalf-actors': '0oaApiA',
      'x-behalf-scopes': 'orders:read',
      'x-behalf-expires-at': String(clock.seconds + 300),
    })
  })

  it.each<readonly [TokenKind, LooseObject]>([
    ['machine', { sub: '0oaBatch', cid: '0oaBatch', act: undefined, assertion: undefined }],
    [
      'user',
      {
        ...userClaims(0),
        iat: undefined,
        exp: undefined,
        aud: 'api://b',
        act: undefined,
        assertion: undefined,
      },
    ],
  ])('sets every header for a %s, empty where there is nothing to say', async (kind, claims) => {
    const { ask, issuer, clock } = await setUp({ accept: [kind] })
    const times = { iat: clock.seconds, exp: clock.seconds + 300 }
    const authorization = `Bearer ${issuer.sign({ ...delegatedClaims(clock.seconds), ...claims, ...times })}`
    const response = await ask('/orders', { authorization })
    expect(response.status).toBe(200)
    expect(Object.keys(named(response)).toSorted()).toEqual([...accessHeaders].toSorted())
    expect(named(response)).toMatchObject({
      'x-behalf-kind': kind,
      'x-behalf-client': kind === 'machine' ? '0oaBatch' : '0oaSpa',
      'x-behalf-subject': kind === 'machine' ? '' : 'ann@example.com',
      'x-behalf-actor': '',
      'x-behalf-actors': '',
    })
  })

  it('writes names that headers cannot have in a way that can be read back', async () => {
    const { ask, issuer, clock } = await setUp()
    const names = ['Zoë 50% müller', '漢字', 'with "quotes", commas']
    for (const sub of names) {
      const assertion = { iss: 'https://users.example', sub, exp: clock.seconds + 300 }
      const claims = { sub, assertion, act: { sub: '0oaApiA', act: { sub: 'front door' } } }
      const authorization = `Bearer ${issuer.sign(delegatedClaims(clock.seconds, claims))}`
      const headers = named(await ask('/orders', { authorization }))
      expect(headers['x-behalf-subject']).toMatch(/^[\x21-\x7e]+$/)
      expect(decodeURIComponent(headers['x-behalf-subject'] ?? '')).toBe(sub)
      expect(headers['x-behalf-actors']?.split(' ').map(decodeURIComponent)).toEqual([
        '0oaApiA',
        'front door',
      ])
    }
  })

  it('hands on status and challenge of the verifier', async () => {
    const { ask, issuer, token } = await setUp({
      routes: [{ path: '/orders/**', requiredScopes: ['orders:write'] }, { path: '/**' }],
    })
    const answers = [
      await ask('/', { authorization: '' }),
      await ask('/', { authorization: 'Bearer rubbish' }),
      await ask('/', { authorization: `Bearer ${token()}, Bearer ${token()}` }),
      await ask('/orders/1'),
    ]
    expect(answers.map(({ status, headers }) => [status, headers.get('www-authenticate')])).toEqual([
      [401, 'Bearer'],
      [401, 'Bearer error="invalid_token"'],
      [401, 'Bearer error="invalid_token"'],
      [403, 'Bearer error="insufficient_scope", scope="orders:write"'],
    ])
    expect(answers.flatMap((answer) => Object.keys(named(answer)))).toEqual([])
    await issuer.close()
  })

  it('answers 503 while the keys cannot be had, and when it fails', async () => {
    const { ask, issuer } = await setUp()
    await issuer.close()
    expect((await ask('/orders')).status).toBe(503)
    const broken = await setUp()
    const verifier = {
      ...createVerifier({ issuer: broken.issuer.issuer, audience: 'api://b' }),
      authorize: () => Promise.reject(new Error('secret')),
    }
    const { ask: askBroken, refusals } = await setUp({ verifier })
    expect((await askBroken('/orders')).status).toBe(503)
    expect(refusals).toMatchObject([{ reason: 'the verify endpoint failed' }])
  })

  it.each([
    ['x-behalf-subject', 'eve@example.com'],
    ['X-Behalf-Anything', ''],
    ['x_behalf_subject', 'eve@example.com'],
    ['x.behalf.subject', 'eve@example.com'],
    ['x-original-url', '/public'],
    ['X-Rewrite-URL', '/public'],
    ['X-Script-Name', '/public'],
    ['X-HTTP-Method-Override', 'DELETE'],
    ['x_http_method_override', 'DELETE'],
  ])('refuses a request that brings %s', async (name, value) => {
    const { ask, refusals } = await setUp({ routes: [{ path: '/**', methods: ['GET'] }] })
    expect((await ask('/orders')).status).toBe(200)
    const response = await ask('/orders', { [name]: value })
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([403, null])
    expect(refusals).toHaveLength(1)
    expect(refusals[0]?.reason).toMatch(/^the request brings a header/)
  })

  it('looks at what its own proxy writes and at nothing else', async () => {
    const routes = [{ path: '/public' }]
    const nginx = await setUp({ routes })
    const forwarded = { 'x-forwarded-uri': '/public', 'x-forwarded-method': 'GET' }
    expect((await nginx.ask('/secret', forwarded)).status).toBe(403)
    const caddy = await setUp({ routes, proxy: 'caddy' })
    expect((await caddy.ask('/public')).status).toBe(403)
    expect((await caddy.ask('/public', { ...forwarded, 'x-forwarded-uri': '/secret' })).status).toBe(403)
    expect((await caddy.ask('/secret', forwarded)).status).toBe(200)
    // A `Request` says nothing of the dots in its path, so what Envoy asks about cannot be told.
    const envoy = await setUp({ proxy: 'envoy' })
    expect((await envoy.ask('/public')).status).toBe(403)
    expect(envoy.refusals[0]?.reason).toMatch(/Envoy needs startSidecar/)
  })

  it('demands scopes, kinds and actors by route and method', async () => {
    const { ask, issuer, clock } = await setUp({
      routes: [
        { path: '/orders/*', methods: ['GET'], requiredScopes: ['orders:read'] },
        { path: '/orders/*', methods: ['DELETE'], accept: ['machine'] },
        { path: '/orders/*', allowedActors: ['0oaOther'] },
        { path: '/batch', accept: ['machine'] },
      ],
    })
    const machine = issuer.sign(
      delegatedClaims(clock.seconds, {
        sub: '0oaOther',
        cid: '0oaOther',
        act: undefined,
        assertion: undefined,
      }),
    )
    const asMachine = { authorization: `Bearer ${machine}` }
    const status = async (...request: Parameters<typeof ask>) => (await ask(...request)).status
    expect(await status('/orders/1')).toBe(200)
    expect(await status('/orders/1', {}, 'HEAD')).toBe(200)
    expect(await status('/orders/1/')).toBe(200)
    expect(await status('/orders/1?x=/batch')).toBe(200)
    expect(await status('/orders/1', {}, 'POST')).toBe(403)
    expect(await status('/orders/1', asMachine, 'POST')).toBe(200)
    expect(await status('/orders/1', {}, 'DELETE')).toBe(403)
    expect(await status('/orders/1', asMachine, 'DELETE')).toBe(200)
    expect(await status('/orders/1', {}, 'get')).toBe(403)
    expect(await status('/batch')).toBe(403)
    expect(await status('/batch', asMachine)).toBe(200)
    expect(await status('/orders')).toBe(403)
    expect(await status('/elsewhere')).toBe(403)
  })

  const confusing: readonly string[] = [
    '/Admin',
    '/ADMIN/users',
    '/admin.json',
    '/admin./users',
    '/admin%20/users',
    '/adm%C4%B1n',
    '/%EF%BD%81dmin',
    '/public/%EF%BC%8E%EF%BC%8E/admin',
    '/public%EF%BC%8Fadmin',
    '/admin//users',
    '//admin',
    '/public/../admin',
    '/public/./x',
    '/public/..',
    '/public/%2e%2e/admin',
    '/public/.%2E/admin',
    '/public%2f..%2fadmin',
    '/public%5c..%5cadmin',
    '/public\\..\\admin',
    '/public;/../admin',
    '/public;a=b',
    '/public%3Ba=b',
    '/public#/admin',
    '/public%23',
    '/public%3fx',
    '/%61dmin',
    '/admin%00',
    '/public/%252e%252e/admin',
    '/public/%',
    '/public/%zz',
    '/public/%c0%ae%c0%ae/admin',
    '/public/%ff',
    '/public/%E2%80%AE',
    'http://127.0.0.1/public',
    'public',
    '*',
    '',
    '/pub lic',
    '/public, /admin',
    '/publicé',
  ]
  it.each(confusing)('refuses %j, which can be read in several ways', async (target) => {
    const { ask, refusals } = await setUp({
      routes: [{ path: '/admin/**', requiredScopes: ['admin'] }, { path: '/**' }],
    })
    expect((await ask(target)).status).toBe(403)
    expect(refusals[0]?.reason).toMatch(/path|target|x-original-uri/)
    expect(JSON.stringify(refusals)).not.toContain('public')
  })

  it('takes a path with an ending for that of the route before it, and a method from the request alone', async () => {
    const routes = [
      { path: '/orders.json', methods: ['GET'] },
      { path: '/orders', requiredScopes: ['admin'] },
      { path: '/files/*' },
    ]
    const { ask, refusals } = await setUp({ routes })
    expect((await ask('/orders.json')).status).toBe(200)
    expect((await ask('/files/orders.json?method=DELETE')).status).toBe(200)
    expect((await ask('/orders.xml')).status).toBe(403)
    expect((await ask('/files/orders.json?x=1&_Method=DELETE')).status).toBe(403)
    expect(refusals.map(({ reason }) => reason)).toEqual([
      'the path differs from a route in nothing but its spelling',
      'the query names another method',
    ])
    const methodless = await setUp({ routes: [{ path: '/**' }] })
    expect((await methodless.ask('/files?_method=DELETE')).status).toBe(200)
  })

  it.each([
    '/',
    '/public/',
    '/a-b_c.d~e',
    '/caf%C3%A9/%E6%BC%A2',
    '/a%20b/@me:1,2',
    '/administration',
    '/x/admin.json',
    '/x?a=/../admin&b=%2e',
  ])('reads %j', async (target) => {
    const { ask } = await setUp({
      routes: [{ path: '/admin/**', requiredScopes: ['admin'] }, { path: '/**' }],
    })
    expect((await ask(target)).status).toBe(200)
  })

  it('refuses unusable options, all at once', () => {
    const options = {
      verifier: {},
      proxy: 'apache',
      routes: [
        { path: 'orders' },
        { path: '/a/../b', methods: ['get'] },
        { path: '/a*' },
        { path: '/**/a' },
        { path: '/%41' },
        { paths: '/' },
      ],
    }
    const create = () => Reflect.apply(createVerifyEndpoint, undefined, [options])
    expect(create).toThrow(
      /verifier: expected.*\n- proxy: expected.*\n- routes\[0\]\.path: .*\n- routes\[1\]\.path: .*\n- routes\[1\]\.methods: .*\n- routes\[2\]\.path: .*\n- routes\[3\]\.path: .*\n- routes\[4\]\.path: .*\n- routes\[5\]\.path: missing.*\n- routes\[5\]\.paths: unknown/,
    )
  })
})
