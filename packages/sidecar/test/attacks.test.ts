/** Threat T53: what is sent to a sidecar by those who should get nothing from it, byte by byte over its own server. */
import { once } from 'node:events'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { type Callers, startSidecar } from '@behalf/sidecar'
import { delegatedClaims } from '@behalf/testing'
import { createVerifier } from '@behalf/verify'
import { describe, expect, it, onTestFinished } from 'vitest'
import { exchangeRequest, startWorld, type World } from './world.ts'

/** Headers as they are sent, in order; one name may come twice. */
type Headers = readonly (readonly [name: string, value: string])[]

const form: Headers = [['Content-Type', 'application/x-www-form-urlencoded']]
const secrets = {
  secrets: { gateway: 'secret-of-the-gateway', other: ['former-secret-of-other', 'secret-of-other-now'] },
}
const basic = (credentials: string): readonly [string, string] => [
  'Authorization',
  `Basic ${Buffer.from(credentials).toString('base64')}`,
]

async function send(origin: string, path: string, headers: Headers, method: string, body?: string) {
  const sent = request(origin, { method, path, agent: false, headers: [...headers.flat()], setHost: false })
  sent.end(body)
  const [response] = await once(sent, 'response')
  return { status: response.statusCode, body: await text(response), headers: response.headers }
}

async function tokenEndpoint(world: World, callers: Callers) {
  const client = world.client()
  const sidecar = await startSidecar({
    drainDelayMs: 0,
    drainTimeoutMs: 0,
    token: { verifier: world.verifier, client, targets: { 'api://b': {} }, callers, clock: world.clock },
  })
  onTestFinished(() => sidecar.stop())
  const { host } = new URL(sidecar.origin)
  return {
    host,
    /** Whether anything of a request has reached the cache or Okta. */
    wasReached: () => client.statistics().calls > 0 || world.okta.tokenRequests.length > 0,
    exchange: async (headers: Headers, subject = world.subject(), parameters = {}) => {
      const body = await exchangeRequest({ subject_token: subject, ...parameters }).text()
      return send(sidecar.origin, '/token', [...form, ...headers], 'POST', body)
    },
  }
}

describe('callers of the token endpoint', () => {
  const onLoopback: Readonly<Record<string, (host: string) => Headers>> = {
    'a page of another origin': (host) => [
      ['Host', host],
      ['Origin', 'https://evil.example'],
    ],
    'a page without an origin': (host) => [
      ['Host', host],
      ['Origin', 'null'],
    ],
    'a page of this very origin': (host) => [
      ['Host', host],
      ['Origin', `http://${host}`],
    ],
    'a page whose name was made to lead here': () => [['Host', 'evil.example']],
    'a name that begins like this machine': () => [['Host', '127.0.0.1.evil.example']],
    'a name that begins like localhost': () => [['Host', 'localhost.evil.example:80']],
    'user information in the Host': () => [['Host', '127.0.0.1@evil.example']],
    'an address of the network': () => [['Host', '10.0.0.1']],
    'an empty Host': () => [['Host', '']],
  }
  it.each(Object.entries(onLoopback))('on loopback: %s is refused', async (_, headers) => {
    const endpoint = await tokenEndpoint(await startWorld(), 'loopback')
    expect((await endpoint.exchange(headers(endpoint.host))).status).toBe(403)
    expect(endpoint.wasReached()).toBe(false)
  })

  it('on loopback: this machine is served by each of its names', async () => {
    const endpoint = await tokenEndpoint(await startWorld(), 'loopback')
    for (const host of [endpoint.host, 'localhost', 'LOCALHOST:8081', '[::1]:8081', 'api-a.localhost'])
      expect([host, (await endpoint.exchange([['Host', host]])).status]).toEqual([host, 200])
  })

  const withSecrets: Readonly<Record<string, Headers>> = {
    'no credentials': [],
    'a wrong secret': [basic('gateway:secret-of-the-gatewaz')],
    'a longer secret': [basic('gateway:secret-of-the-gateway0')],
    'the beginning of a secret': [basic('gateway:secret')],
    'an empty secret': [basic('gateway:')],
    'no colon': [basic('gateway')],
    "another caller's secret": [basic('gateway:secret-of-other-now')],
    'an unknown caller': [basic('stranger:secret-of-the-gateway')],
    'an unknown caller without a secret': [basic('stranger:')],
    'a name of the prototype': [basic('__proto__:secret-of-the-gateway'), basic('constructor:')],
    'an escape that is none': [basic('gateway:%zz')],
    'the right credentials twice': [
      basic('gateway:secret-of-the-gateway'),
      basic('gateway:secret-of-the-gateway'),
    ],
    'the right credentials after others': [basic('a:b'), basic('gateway:secret-of-the-gateway')],
    'the secret as a bearer token': [['Authorization', 'Bearer secret-of-the-gateway']],
    'what is no base64': [['Authorization', 'Basic gateway:secret-of-the-gateway']],
  }
  it.each(Object.entries(withSecrets))('with secrets: %s gets 401', async (_, headers) => {
    const endpoint = await tokenEndpoint(await startWorld(), secrets)
    const refused = await endpoint.exchange([['Host', 'sidecar.example'], ...headers])
    expect([refused.status, JSON.parse(refused.body).error]).toEqual([401, 'invalid_client'])
    expect(refused.headers['www-authenticate']).toMatch(/^Basic realm=/)
    expect(endpoint.wasReached()).toBe(false)
  })

  it('with secrets: credentials in the body do not count, and a page is refused whatever it knows', async () => {
    const endpoint = await tokenEndpoint(await startWorld(), secrets)
    const host: Headers = [['Host', 'sidecar.example']]
    const posted = { client_id: 'gateway', client_secret: 'secret-of-the-gateway' }
    expect((await endpoint.exchange(host, undefined, posted)).status).toBe(401)
    const page: Headers = [
      ...host,
      ['Origin', 'https://evil.example'],
      basic('gateway:secret-of-the-gateway'),
    ]
    expect((await endpoint.exchange(page)).status).toBe(403)
    expect(endpoint.wasReached()).toBe(false)
  })

  it('with secrets: each caller is admitted with its own, also while it is changed', async () => {
    const endpoint = await tokenEndpoint(await startWorld(), secrets)
    for (const credentials of [
      'gateway:secret-of-the-gateway',
      'gateway:secret%2Dof%2Dthe%2Dgateway',
      'other:former-secret-of-other',
      'other:secret-of-other-now',
    ])
      expect((await endpoint.exchange([['Host', 'sidecar.example'], basic(credentials)])).status).toBe(200)
  })
})

describe('subject tokens', () => {
  it('a cached token is for those alone who hold the very token that it was made from', async () => {
    const world = await startWorld()
    const { exchange, host } = await tokenEndpoint(world, 'loopback')
    const subject = world.subject()
    expect((await exchange([['Host', host]], subject)).status).toBe(200)
    const [header, payload, signature = ''] = subject.split('.')
    const [, , otherSignature] = world.subject({ sub: 'eve@example.com' }).split('.')
    const claims = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString())
    const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
    for (const forged of [
      `${header}.${payload}.`,
      `${header}.${payload}.${otherSignature}`,
      `${header}.${payload}.${signature}=`,
      ` ${subject}`,
      `${subject}\n`,
      `${header}.${encode({ ...claims, exp: claims.exp + 1 })}.${signature}`,
      `${encode({ alg: 'none' })}.${payload}.`,
    ])
      expect([forged, (await exchange([['Host', host]], forged)).status]).toEqual([forged, 400])
    expect(world.okta.tokenRequests).toHaveLength(1)
    world.clock.advance(3_600_000)
    expect((await exchange([['Host', host]], subject)).status).toBe(400)
  })
})

describe('what a proxy asks', () => {
  const routes = [
    { path: '/admin/**', requiredScopes: ['admin'] },
    { path: '/**', methods: ['GET'] },
  ]
  let world: World
  let authorization: readonly [string, string]

  async function verifyEndpoint(proxy: 'nginx' | 'caddy' | 'envoy') {
    world = await startWorld()
    const verifier = createVerifier({ issuer: world.users.issuer, audience: 'api://b', clock: world.clock })
    const sidecar = await startSidecar({
      drainDelayMs: 0,
      drainTimeoutMs: 0,
      verify: { proxy, verifier, routes },
    })
    onTestFinished(() => sidecar.stop())
    authorization = ['Authorization', `Bearer ${world.users.sign(delegatedClaims(world.clock.seconds))}`]
    return (headers: Headers, path = '/verify', method = 'GET') =>
      send(sidecar.origin, path, [['Host', 'api'], ...headers], method)
  }
  const original = (method: string, uri: string): Headers => [
    ['X-Original-Method', method],
    ['X-Original-URI', uri],
  ]

  it("a header that the API believes is never the client's", async () => {
    const ask = await verifyEndpoint('nginx')
    expect((await ask([authorization, ...original('GET', '/x')])).status).toBe(200)
    for (const name of [
      'x-behalf-subject',
      'X-BEHALF-SUBJECT',
      'X_Behalf_Subject',
      'x-behalf_subject',
      'x-behalf-new',
    ]) {
      const refused = await ask([authorization, ...original('GET', '/x'), [name, 'eve@example.com']])
      expect([name, refused.status, JSON.stringify(refused.headers)]).toEqual([
        name,
        403,
        expect.not.stringContaining('x-behalf'),
      ])
    }
  })

  it('a second word about method or path counts for nothing', async () => {
    const ask = await verifyEndpoint('nginx')
    for (const headers of [
      [...original('GET', '/x'), ['X-Original-URI', '/admin']],
      [...original('GET', '/x'), ['X-Original-Method', 'DELETE']],
      [...original('GET', '/x'), ['X-HTTP-Method-Override', 'DELETE']],
      [...original('GET', '/x'), ['X-Original-URL', '/admin']],
      [
        ['X-Forwarded-Method', 'GET'],
        ['X-Forwarded-Uri', '/x'],
      ],
      [['X-Original-URI', '/x']],
      [],
    ] satisfies Headers[])
      expect([headers, (await ask([authorization, ...headers])).status]).toEqual([headers, 403])
    // What the request to the endpoint itself looks like is the proxy's own affair.
    expect((await ask([authorization, ...original('DELETE', '/x')])).status).toBe(403)
    expect((await ask([authorization, ...original('GET', '/x')], '/verify?uri=/admin', 'POST')).status).toBe(
      200,
    )
  })

  it('one proxy is not believed in the words of another', async () => {
    const caddy = await verifyEndpoint('caddy')
    expect((await caddy([authorization, ...original('GET', '/x')])).status).toBe(403)
    const forwarded: Headers = [
      ['X-Forwarded-Method', 'GET'],
      ['X-Forwarded-Uri', '/admin'],
    ]
    expect((await caddy([authorization, ...forwarded, ...original('GET', '/x')])).status).toBe(403)
    const envoy = await verifyEndpoint('envoy')
    expect((await envoy([authorization, ...original('GET', '/x')], '/verify/admin')).status).toBe(403)
    expect((await envoy([authorization, ...original('GET', '/x')], '/verify')).status).toBe(403)
  })

  it('two tokens are none', async () => {
    const ask = await verifyEndpoint('nginx')
    expect((await ask([authorization, authorization, ...original('GET', '/x')])).status).toBe(401)
    expect((await ask([['authorization', 'Bearer x'], authorization, ...original('GET', '/x')])).status).toBe(
      401,
    )
  })
})
