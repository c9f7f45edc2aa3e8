import { request } from 'node:http'
import { connect } from 'node:net'
import { createSandbox, defaultApiToken, type Sandbox } from '@behalf/sandbox'
import { oneServer } from '@behalf/testing'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../../../tools/free-port.ts'
import { json, listenAsHook } from './hook-server.ts'
import { basic, requestMachineToken } from './machine-token.ts'
import { createQuickSandbox } from './quick-sandbox.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await createQuickSandbox({ trustedOrigins: ['https://app.example'] })
})
afterAll(() => sandbox.close())

interface Sent {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly port?: number
}

/** `fetch` would not send a `Host` or an `Origin` of one's own. */
function send(
  path: string,
  { method = 'GET', headers = {}, body, port = Number(new URL(sandbox.url).port) }: Sent = {},
) {
  return new Promise<{ status: number; headers: Record<string, unknown>; text: string }>(
    (resolve, reject) => {
      const outgoing = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (answer) => {
        let text = ''
        answer.setEncoding('utf8').on('data', (chunk) => {
          text += chunk
        })
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }))
      })
      outgoing.on('error', reject).end(body)
    },
  )
}

const form = { 'content-type': 'application/x-www-form-urlencoded' }
const token = { method: 'POST', body: 'grant_type=client_credentials&scope=orders:read' }
const tokenPath = '/oauth2/default/v1/token'
const credentials = () => basic('0oaApiA0000000000001', 'api-a-secret-for-the-sandbox-only')

describe('the org answers for its own host only', () => {
  test.each([
    'evil.example',
    'evil.example:80',
    'localhost.evil.example',
    '169.254.169.254',
    '10.0.0.1:8090',
  ])('not for %j, whatever token comes with it', async (host) => {
    await using hook = await listenAsHook(json({}))
    const headers = { authorization: `SSWS ${defaultApiToken}`, 'content-type': 'application/json' }
    const body = JSON.stringify({
      name: 'x',
      type: 'com.okta.oauth2.tokens.transform',
      version: '1.0.0',
      channel: {
        type: 'HTTP',
        version: '1.0.0',
        config: { uri: hook.uri, method: 'POST', authScheme: { type: 'HEADER', key: 'a', value: 'b' } },
      },
    })
    const made = await send('/api/v1/inlineHooks', { method: 'POST', headers, body })
    expect(made.status).toBe(200)
    const execute = `/api/v1/inlineHooks/${JSON.parse(made.text).id}/execute`
    const refused = await send(execute, { method: 'POST', headers: { ...headers, host }, body: '{}' })
    expect(refused.status).toBe(403)
    expect(hook.calls).toEqual([])
    expect((await send(execute, { method: 'POST', headers, body: '{}' })).status).toBe(200)
  })

  test.each(['localhost', 'okta.localhost:1234', '127.0.0.1:1', '[::1]:8090', 'LOCALHOST'])(
    'for %j, which no DNS of others decides about',
    async (host) => {
      expect((await send('/oauth2/default/v1/keys', { headers: { host } })).status).toBe(200)
    },
  )
})

describe('an org that listens on every address', () => {
  test.each([
    ['sandbox', 200],
    ['sandbox:1', 200],
    ['SANDBOX.', 403],
    ['okta.localhost', 200],
    ['127.0.0.1', 200],
    ['0.0.0.0', 403],
    ['sandbox.evil.example', 403],
    ['10.9.8.7', 403],
  ])(
    'has the name of its base URL, those of the loopback and the address that was asked: %s gets %i',
    async (host, status) => {
      const port = await freePort()
      await using _org = await createQuickSandbox({ port, host: '0.0.0.0', baseUrl: 'http://sandbox:8090' })
      expect((await send('/healthz', { headers: { host }, port })).status).toBe(status)
    },
  )
})

describe('GET /healthz', () => {
  test('says that the org is there, and that it is no real one', async () => {
    const { status, text, headers } = await send('/healthz')
    expect([status, JSON.parse(text)]).toEqual([200, { status: 'ok', service: 'sandbox' }])
    expect(headers['x-okta-request-id']).toMatch(/^req/)
    expect((await send('/healthz', { method: 'HEAD' })).status).toBe(200)
    expect((await send('/healthz', { method: 'POST' })).status).toBe(405)
  })

  test.each([{ host: 'evil.example' }, { origin: 'https://evil.example' }])(
    'but not with %j',
    async (headers) => {
      expect((await send('/healthz', { headers })).status).toBe(403)
    },
  )
})

describe("a user's token over HTTP", () => {
  const path = '/sandbox/tokens'
  const body = JSON.stringify({ login: 'alice@example.com' })

  test('is for whoever could sign in: no password is asked there, and no token here', async () => {
    const answer = await send(path, { method: 'POST', body })
    expect([answer.status, typeof JSON.parse(answer.text).access_token]).toEqual([201, 'string'])
  })

  test.each([{ host: 'evil.example' }, { origin: 'https://evil.example' }, { origin: 'null' }])(
    'but not for a page with %j',
    async (headers) => {
      const answer = await send(path, {
        method: 'POST',
        body,
        headers: { 'content-type': 'text/plain', ...headers },
      })
      expect(answer.status).toBe(403)
      expect(answer.text).not.toContain('access_token')
    },
  )

  test.each([
    [
      'nested too deep',
      `{"login":"alice@example.com","claims":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
      'claims',
    ],
    ['of names that every object has', '{"login":"alice@example.com","__proto__":{}}', '__proto__'],
    ['for no scope', '{"login":"alice@example.com","scopes":[]}', /the org gives no token: access_denied$/],
  ])('nor for a body %s', async (_, given, why) => {
    const answer = await send(path, { method: 'POST', body: given })
    const { errorCode, errorSummary } = JSON.parse(answer.text)
    expect([answer.status, errorCode]).toEqual([400, 'E0000001'])
    if (typeof why === 'string') expect(errorSummary).toContain(why)
    else expect(errorSummary).toMatch(why)
    expect(errorSummary).not.toContain('call stack')
  })

  test('and nothing else of the sandbox is', async () => {
    for (const [method, other] of [
      ['GET', '/sandbox/faults'],
      ['POST', '/sandbox/faults'],
      ['GET', '/sandbox/tokens'],
      ['GET', '/api/v1/apps'],
    ] as const)
      expect([other, (await send(other, { method })).status]).toEqual([other, 401])
  })
})

describe('pages of other origins', () => {
  test.each(['https://evil.example', 'null', 'http://localhost:3001', 'http://127.0.0.1'])(
    '%s may not ask for tokens',
    async (origin) => {
      const headers = { ...form, ...credentials(), origin }
      const answer = await send(tokenPath, { ...token, headers })
      expect(answer.status).toBe(403)
      expect(answer.headers).not.toHaveProperty('access-control-allow-origin')
      const preflight = { origin, 'access-control-request-method': 'POST' }
      expect((await send(tokenPath, { method: 'OPTIONS', headers: preflight })).status).toBe(403)
    },
  )

  test.each(['https://app.example', 'http://localhost:3000'])('%s may: it is registered', async (origin) => {
    const headers = { ...form, ...credentials(), origin }
    const answer = await send(tokenPath, { ...token, headers })
    expect(answer.status).toBe(200)
    expect(answer.headers).toMatchObject({ 'access-control-allow-origin': origin })
    const preflight = { origin, 'access-control-request-method': 'POST' }
    const asked = await send('/api/v1/users', { method: 'OPTIONS', headers: preflight })
    expect(asked.headers).toMatchObject({ 'access-control-allow-origin': origin, vary: 'origin' })
  })

  test('null may not, though the redirect URI of a mobile app has no other origin', async () => {
    await using org = await createSandbox({
      apps: [{ clientId: '0oaMobile', type: 'native', redirectUris: ['com.example.app:/callback'] }],
      trustedOrigins: ['https://app.example'],
    })
    const asked = await fetch(`${org.url}/api/v1/users/me`, {
      method: 'OPTIONS',
      headers: { origin: 'null' },
    })
    expect(asked.status).toBe(403)
  })

  test('any may read keys and metadata', async () => {
    const headers = { origin: 'https://anybody.example' }
    for (const path of ['/v1/keys', '/.well-known/openid-configuration']) {
      const answer = await send(`/oauth2/default${path}`, { headers })
      expect(answer.status).toBe(200)
      expect(answer.headers).not.toHaveProperty('access-control-allow-credentials')
    }
  })
})

test('a management token is another one in every process, unless one is given', async () => {
  expect(defaultApiToken).toMatch(/^00[\w-]{40}$/)
  await using seeded = await createSandbox({ ...oneServer, apiTokens: ['mine'] })
  const call = (api: string) =>
    fetch(`${seeded.url}/api/v1/apps`, { headers: { authorization: `SSWS ${api}` } })
  expect((await call('mine')).status).toBe(200)
  expect((await call(defaultApiToken)).status).toBe(401)
})

describe('the request line', () => {
  test('takes 8 KB, as nginx does', async () => {
    const fixed = `POST ${tokenPath}?assertion= HTTP/1.1\r\n`.length
    const headers = { ...form, ...credentials() }
    const ask = (length: number) =>
      send(`${tokenPath}?assertion=${'a'.repeat(length)}`, { ...token, headers })
    expect((await ask(8192 - fixed)).status).toBe(200)
    const refused = await ask(8193 - fixed)
    expect(refused.status).toBe(414)
    expect(refused.text).toContain('nginx')
    expect(refused.headers['x-okta-request-id']).toMatch(/^req/)
    expect((await ask(70_000)).status).toBe(414)
  })
})

describe('every answer has a request id', () => {
  test.each([
    ['GET', '/'],
    ['GET', '//'],
    ['GET', '/api/v1/apps'],
    ['GET', '/oauth2/default/v1/keys'],
    ['GET', '/oauth2/default/v1/nothing'],
    ['POST', tokenPath],
    ['OPTIONS', tokenPath],
    ['GET', '/sandbox/faults'],
  ])('%s %s', async (method, path) => {
    expect((await send(path, { method })).headers['x-okta-request-id']).toMatch(/^req/)
  })

  test('the one under which its hook call and its log events are known', async () => {
    await using hook = await listenAsHook(json({}))
    await using org = await createQuickSandbox({ hook: { uri: hook.uri, secret: 's' } })
    const answer = await fetch(`${org.url}${tokenPath}`, {
      method: 'POST',
      headers: { ...form, ...credentials() },
      body: token.body,
    })
    const id = answer.headers.get('x-okta-request-id')
    expect(hook.calls[0]?.body).toMatchObject({ data: { context: { request: { id } } } })
    const events = org.systemLog.events()
    expect(events.map(({ debugContext }) => debugContext.debugData['requestId'])).toEqual([id, id])
  })
})

test('nothing that is sent ends the org', async () => {
  const { port } = new URL(sandbox.url)
  const sendRaw = (text: string) =>
    new Promise<void>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => socket.end(text))
      socket
        .on('error', () => {})
        .on('close', () => resolve())
        .resume()
    })
  const oddities = [
    'GET // HTTP/1.1\r\nhost: localhost\r\n\r\n',
    'GET http:// HTTP/1.1\r\nhost: localhost\r\n\r\n',
    'GET http://[ HTTP/1.1\r\nhost: localhost\r\n\r\n',
    'OPTIONS * HTTP/1.1\r\nhost: localhost\r\n\r\n',
    'CONNECT evil.example:443 HTTP/1.1\r\nhost: localhost\r\n\r\n',
    'GET /api/v1/%E0%A4%A HTTP/1.1\r\nhost: localhost\r\n\r\n',
    'GET /api/v1/logs?filter=((((( HTTP/1.1\r\nhost: localhost\r\n\r\n',
    'GET /oauth2/default/v1/logout?post_logout_redirect_uri=: HTTP/1.1\r\nhost: localhost\r\n\r\n',
    'GET /oauth2/default//evil HTTP/1.1\r\nhost: localhost\r\n\r\n',
    'GET / HTTP/1.1\r\nhost: [\r\n\r\n',
    'GET / HTTP/1.1\r\nhost: localhost\r\norigin: ://\r\n\r\n',
    'GET / HTTP/1.0\r\n\r\n',
    'GET / HTTP/1.1\r\nhost: localhost\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n',
    'POST /oauth2/default/v1/token HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\nhalf',
    'POST /api/v1/apps HTTP/1.1\r\nhost: localhost\r\nexpect: nothing\r\n\r\n',
    '\x16\x03\x01\x00',
  ]
  for (const oddity of oddities) await sendRaw(oddity)
  const path = fc.string({ unit: 'grapheme-ascii', maxLength: 40 }).map((text) => text.replaceAll(/\s/g, ''))
  const prefix = fc.constantFrom('/', '//', '/oauth2/', '/oauth2/default/', '/api/v1/', '/sandbox/', '')
  await fc.assert(
    fc.asyncProperty(prefix, path, (start, rest) =>
      sendRaw(`GET ${start}${rest} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`),
    ),
  )
  expect((await requestMachineToken(sandbox)).status).toBe(200)
})
