import { once } from 'node:events'
import { type IncomingHttpHeaders, request } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { accessHeaders, type RunningServer, startSidecar } from '@behalf/sidecar'
import { listen } from '@behalf/testing'
import { createVerifier } from '@behalf/verify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Delegation, startDelegation } from '../delegation.ts'
import { withOutsider } from '../outsider.ts'
import { type ProxyProgram, proxyPrograms, type RunningProxy, startProxy } from './proxy.ts'

/** What the API has seen of a request. */
interface Seen {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly headers: IncomingHttpHeaders
}

const probes = { nginx: ['nginx', '-v'], caddy: ['caddy', 'version'], haproxy: ['haproxy', '-v'] } as const

for (const program of proxyPrograms) {
  withOutsider({ name: program.name, debianPackage: program.name, probe: probes[program.name] }, () => {
    describe('with the configuration of the documents', () => describeProxy(program))
  })
}

function describeProxy(program: ProxyProgram): void {
  const stack = new AsyncDisposableStack()
  const seen: Seen[] = []
  let delegation: Delegation
  let sidecar: RunningServer
  let proxy: RunningProxy

  beforeAll(async () => {
    delegation = stack.use(await startDelegation())
    sidecar = await startSidecar({
      drainDelayMs: 0,
      verify: {
        proxy: program.name,
        verifier: createVerifier({ issuer: delegation.issuer, audience: delegation.audience }),
        routes: [
          { path: '/orders/**', requiredScopes: ['orders:read'] },
          { path: '/admin/**', requiredScopes: ['orders:admin'] },
          { path: '/public/**', methods: ['GET'] },
        ],
      },
    })
    stack.defer(() => sidecar.stop())
    const api = stack.use(
      await listen((incoming, response) => {
        const { method, url, headers } = incoming
        seen.push({ method, url, headers })
        incoming.resume().on('end', () => response.end('served'))
      }),
    )
    proxy = stack.use(await startProxy(program, { sidecar: sidecar.origin, api: api.origin }))
  })
  afterAll(() => stack.disposeAsync())

  /** Sends a request as it is, without what `fetch` would make of its path and headers. */
  async function ask(
    path: string,
    { method = 'GET', body = '', ...headers }: Readonly<Record<string, string>> = {},
  ) {
    seen.length = 0
    const sent = request({
      host: '127.0.0.1',
      port: proxy.port,
      path,
      method,
      headers: { authorization: `Bearer ${delegation.delegated}`, ...headers },
    })
    sent.end(body)
    const [response] = await once(sent, 'response')
    await text(response)
    return { status: response.statusCode, challenge: response.headers['www-authenticate'], seen: seen[0] }
  }

  test('a request with a delegated token passes, and the API is told who calls', async () => {
    const { status, seen: passed } = await ask('/orders/1?all=1', { method: 'POST', body: 'a body' })
    expect(status).toBe(200)
    expect(passed).toMatchObject({
      method: 'POST',
      url: '/orders/1?all=1',
      headers: {
        'x-behalf-kind': 'delegated',
        'x-behalf-subject': 'ann@example.com',
        'x-behalf-user-subject': 'ann@example.com',
        'x-behalf-actor': '0oaApiA',
        'x-behalf-actors': '0oaApiA',
        'x-behalf-client': '0oaApiA',
        'x-behalf-actor-profile': 'service',
        'x-behalf-scopes': 'orders:read',
        'x-behalf-issuer': delegation.issuer,
      },
    })
  })

  test('requests without an acceptable token do not reach it, and get the challenge', async () => {
    expect(await ask('/orders', { authorization: '' })).toEqual({
      status: 401,
      challenge: 'Bearer',
      seen: undefined,
    })
    expect(await ask('/orders', { authorization: 'Bearer rubbish' })).toEqual({
      status: 401,
      challenge: 'Bearer error="invalid_token"',
      seen: undefined,
    })
    expect(await ask('/admin/users')).toEqual({
      status: 403,
      challenge: 'Bearer error="insufficient_scope", scope="orders:admin"',
      seen: undefined,
    })
  })

  test('method and path are those that the API gets', async () => {
    expect((await ask('/public/x')).status).toBe(200)
    expect((await ask('/public/x', { method: 'DELETE' })).status).toBe(403)
    const told = {
      'x-original-uri': '/public/x',
      'x-original-method': 'GET',
      'x-forwarded-uri': '/public/x',
      'x-forwarded-method': 'GET',
    }
    expect((await ask('/admin/users', told)).status).toBe(403)
    expect((await ask('/public/x', { ...told, method: 'DELETE' })).status).toBe(403)
    for (const path of [
      '/public/../admin/users',
      '/public/%2e%2e/admin/users',
      '/public/..%2fadmin',
      '//admin/users',
      '/ADMIN/users',
      '/public;/../admin',
      '/%61dmin/users',
      '/elsewhere',
    ]) {
      const { status, seen: passed } = await ask(path)
      // Some proxies have an answer of their own to the worst of them.
      expect([path, status]).toEqual([path, expect.toSatisfy((code) => [400, 403, 308].includes(code))])
      expect(passed).toBeUndefined()
    }
  })

  test.each([...accessHeaders])('a client that brings %s itself does not get through', async (name) => {
    for (const spelling of [name, name.toUpperCase(), name.replaceAll('-', '_'), name.replaceAll('-', '.')]) {
      const { status, seen: passed } = await ask('/orders', { [spelling]: 'eve@example.com' })
      // nginx drops names with an underscore or a dot before anything else.
      if (status === 200) expect(JSON.stringify(passed?.headers)).not.toContain('eve@')
      else expect([status, passed]).toEqual([403, undefined])
    }
  })

  test.each(['close, X-Behalf-Actor', 'close\r\nConnection: x-behalf-actor', 'keep-alive, x-behalf-actor'])(
    'what the API is told cannot be taken away by Connection: %j',
    async (connection) => {
      seen.length = 0
      const socket = connect(proxy.port, '127.0.0.1')
      socket.write(
        `GET /orders HTTP/1.1\r\nHost: 127.0.0.1:${proxy.port}\r\nAuthorization: Bearer ${delegation.delegated}\r\nConnection: ${connection}\r\n\r\n`,
      )
      const [answer] = await once(socket, 'data')
      socket.destroy()
      const [passed] = seen
      expect(String(answer)).toMatch(passed === undefined ? /^HTTP\/1\.1 403 / : /^HTTP\/1\.1 200 /)
      if (passed === undefined) return
      expect(passed.headers['x-behalf-actor']).toBe('0oaApiA')
      expect(passed.headers.connection ?? '').not.toContain('behalf')
    },
  )

  test('two Authorization headers are none', async () => {
    seen.length = 0
    const bearer = `Authorization: Bearer ${delegation.delegated}\r\n`
    const socket = connect(proxy.port, '127.0.0.1')
    socket.write(
      `GET /orders HTTP/1.1\r\nHost: 127.0.0.1:${proxy.port}\r\nConnection: close\r\n${bearer}${bearer}\r\n`,
    )
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 40[01] /)
    expect(seen).toEqual([])
  })

  // The last ones, because neither hook nor sidecar comes back.
  test('the plain token of a hook that is down does not get through', async () => {
    const plain = await delegation.withoutHook()
    expect(await ask('/orders', { authorization: `Bearer ${plain}` })).toEqual({
      status: 401,
      challenge: 'Bearer error="invalid_token"',
      seen: undefined,
    })
  })

  test('a sidecar that is down lets nothing through', async () => {
    await sidecar.stop()
    const { status, seen: passed } = await ask('/orders')
    expect([status >= 500, passed]).toEqual([true, undefined])
  })
}
