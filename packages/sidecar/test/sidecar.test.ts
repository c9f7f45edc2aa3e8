import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest, type RequestOptions } from 'node:https'
import { text } from 'node:stream/consumers'
import { type SidecarConfig, startSidecar } from '@behalf/sidecar'
import { delegatedClaims } from '@behalf/testing'
import { createVerifier } from '@behalf/verify'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startAuthority } from './certificates.ts'
import { exchangeRequest, startWorld, type World } from './world.ts'

/** A sidecar that has both endpoints and stops when the test ends. */
async function start(world: World, config: Partial<SidecarConfig> = {}) {
  const sidecar = await startSidecar({
    drainDelayMs: 0,
    drainTimeoutMs: 0,
    token: {
      verifier: world.verifier,
      client: world.client(),
      targets: { 'api://b': {} },
      callers: 'loopback',
      clock: world.clock,
    },
    verify: {
      proxy: 'envoy',
      verifier: createVerifier({ issuer: world.users.issuer, audience: 'api://b', clock: world.clock }),
      routes: [{ path: '/admin/**', requiredScopes: ['admin'] }, { path: '/**' }],
    },
    ...config,
  })
  onTestFinished(() => sidecar.stop())
  return sidecar
}

/** A request with its target as it is, and what came of it. */
async function ask(
  origin: string,
  path: string,
  { body, ...options }: RequestOptions & { body?: string } = {},
) {
  const send = origin.startsWith('https') ? httpsRequest : httpRequest
  const sent = send(origin, { path, agent: false, ...options })
  sent.end(body)
  const [response] = await once(sent, 'response')
  return { status: response.statusCode, headers: response.headers, body: await text(response) }
}

/** A token request for these parameters, as the body of a request. */
async function exchange(world: World) {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: await exchangeRequest({ subject_token: world.subject() }).text(),
  }
}

describe('a sidecar', () => {
  it('serves both endpoints, and tells whether it is ready', async () => {
    const world = await startWorld()
    const { origin } = await start(world)
    expect(origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(await ask(origin, '/healthz')).toMatchObject({ status: 200, body: '{"version":"0.1.0"}' })
    await expect.poll(async () => (await ask(origin, '/readyz')).status).toBe(200)
    expect((await ask(origin, '/readyz', { method: 'POST' })).status).toBe(405)
    const answer = await ask(origin, '/token', await exchange(world))
    expect([answer.status, answer.headers['cache-control'], JSON.parse(answer.body).token_type]).toEqual([
      200,
      'no-store',
      'Bearer',
    ])
    const authorization = `Bearer ${world.users.sign(delegatedClaims(world.clock.seconds))}`
    const passed = await ask(origin, '/verify/orders?x=1', { headers: { authorization } })
    expect([passed.status, passed.headers['x-behalf-subject'], passed.body]).toEqual([
      200,
      'ann@example.com',
      '',
    ])
    for (const path of ['/', '/token/', '/verifyx', '/.well-known/oauth-authorization-server'])
      expect([path, (await ask(origin, path)).status]).toEqual([path, 404])
  })

  it('is not ready while keys cannot be had, and gets them later', async () => {
    const world = await startWorld()
    world.users.keysAnswer = { status: 500 }
    const { origin } = await start(world)
    expect((await ask(origin, '/readyz')).status).toBe(503)
    expect((await ask(origin, '/healthz')).status).toBe(200)
    world.users.keysAnswer = undefined
    // Once: time that went on would overtake the request for them.
    world.clock.advance(10_000)
    await expect.poll(async () => (await ask(origin, '/readyz')).status).toBe(200)
  })

  it('sees the paths that Envoy asks about as they were sent', async () => {
    const world = await startWorld()
    const { origin } = await start(world)
    const authorization = `Bearer ${world.users.sign(delegatedClaims(world.clock.seconds))}`
    const status = async (path: string, method = 'GET') =>
      (await ask(origin, path, { method, headers: { authorization } })).status
    expect(await status('/verify/public', 'DELETE')).toBe(200)
    expect(await status('/verify/admin/x')).toBe(403)
    for (const path of ['/public/../admin/x', '/%2e%2e/admin', '//admin/x', '/Admin/x', '/public\\..\\admin'])
      expect([path, await status(`/verify${path}`)]).toEqual([path, 403])
    expect(await status('/verify')).toBe(403)
    expect(await status('/verify/../token')).toBe(403)
  })

  it('answers before it has a body that nobody wants, and does not keep what is too long', async () => {
    const world = await startWorld()
    const { origin } = await start(world)
    const long = { ...(await exchange(world)), body: 'x'.repeat(1_000_000) }
    expect((await ask(origin, '/token', long)).status).toBe(413)
    const sent = httpRequest(origin, {
      path: '/token',
      method: 'POST',
      headers: { origin: 'https://evil.example' },
    })
    sent.write('no end to this')
    const [response] = await once(sent, 'response')
    expect([response.statusCode, response.headers.connection]).toEqual([403, 'close'])
    sent.destroy()
  })

  it('finishes what is under way when it is stopped', async () => {
    const world = await startWorld()
    let answerOkta = (): void => undefined
    const asked = new Promise<void>((resolve) =>
      world.okta.nextAnswers.push((response) => {
        answerOkta = () => void response.writeHead(400).end('{}')
        resolve()
      }),
    )
    const sidecar = await start(world, { drainTimeoutMs: 60_000 })
    const answer = ask(sidecar.origin, '/token', await exchange(world))
    await asked
    const stopped = sidecar.stop()
    expect(sidecar.stop()).toBe(stopped)
    await expect.poll(() => ask(sidecar.origin, '/healthz').catch(({ code }) => code)).toBe('ECONNREFUSED')
    answerOkta()
    const { status, headers } = await answer
    expect([status, headers.connection]).toEqual([502, 'close'])
    await stopped
  })

  it('publishes metadata under an https origin only', async () => {
    const world = await startWorld()
    const token = { verifier: world.verifier, client: world.client(), targets: { 'api://b': {} } }
    const { origin } = await start(world, {
      token: { ...token, callers: 'loopback', baseUrl: 'https://sidecar.example' },
    })
    const { body } = await ask(origin, '/.well-known/oauth-authorization-server')
    expect(JSON.parse(body)).toEqual({
      issuer: 'https://sidecar.example',
      token_endpoint: 'https://sidecar.example/token',
      token_endpoint_auth_methods_supported: ['none'],
      grant_types_supported: ['urn:ietf:params:oauth:grant-type:token-exchange'],
      response_types_supported: [],
    })
  })

  it('knows callers by their certificates, and answers probes without', async () => {
    const world = await startWorld()
    const authority = await startAuthority()
    const strangers = await startAuthority()
    const { origin } = await start(world, {
      tls: { ...(await authority.certify()), clientCa: authority.ca },
      token: {
        verifier: world.verifier,
        client: world.client(),
        targets: { 'api://b': {} },
        callers: 'certificate',
        clock: world.clock,
      },
    })
    const { ca } = authority
    const request = await exchange(world)
    expect(origin).toMatch(/^https:/)
    expect((await ask(origin, '/healthz', { ca })).status).toBe(200)
    expect((await ask(origin, '/token', { ca, ...request, ...(await authority.certify()) })).status).toBe(200)
    for (const certificate of [{}, await strangers.certify()]) {
      const refused = await ask(origin, '/token', { ca, ...request, ...certificate })
      expect([refused.status, JSON.parse(refused.body).error]).toEqual([401, 'invalid_client'])
    }
  })

  it('does not start with faults: all are told at once', async () => {
    const world = await startWorld()
    const token = { verifier: world.verifier, client: world.client(), targets: { 'api://b': {} } }
    const faultsOf = (config: object) =>
      Promise.resolve(Reflect.apply(startSidecar, undefined, [config])).then(
        () => undefined,
        (error: Error) => error.message.split('\n').slice(1),
      )
    expect(await faultsOf({})).toEqual(['- token: expected it or verify, or both'])
    for (const host of ['0.0.0.0', '::', '10.0.0.1', 'sidecar.example'])
      expect(await faultsOf({ host, token: { ...token, callers: 'loopback' } })).toEqual([
        expect.stringMatching(/^- token\.callers: expected secrets or certificates/),
      ])
    expect(await faultsOf({ token: { ...token, callers: 'certificate' } })).toEqual([
      expect.stringMatching(/^- tls\.clientCa: missing/),
    ])
    expect(
      await faultsOf({
        prt: 1,
        port: -1,
        token: { ...token, callers: { secrets: { a: 'short' } } },
        verify: {},
      }),
    ).toEqual([
      expect.stringMatching(/^- port: /),
      expect.stringMatching(/^- prt: unknown/),
      expect.stringMatching(/^- token\.callers: /),
      expect.stringMatching(/^- verify\.verifier: missing/),
      expect.stringMatching(/^- verify\.proxy: missing/),
    ])
  })
})
