import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { installOnDemand } from '../../on-demand.ts'
import { post } from './callers.ts'
import { servers, sessions } from './programs.ts'
import { startWorld, type World } from './world.ts'

beforeAll(() => {
  installOnDemand('examples/mcp-server')
  installOnDemand('tools/outside/mcp')
}, 600_000)

const [ann, carol] = ['ann@example.com', 'carol@example.com']
const tokenOf = (world: World, login: string, claims = {}) =>
  world.okta.userToken({ login, server: 'users', scopes: ['mcp'], claims })

describe('what a caller makes the server say', () => {
  describe.each(Object.entries(servers))('%s', (_, program) => {
    let world: World
    beforeAll(async () => {
      world = await startWorld(program)
    }, 60_000)
    afterAll(() => world?.[Symbol.asyncDispose]())

    test('where metadata and challenges lead does not depend on what it says', async () => {
      const { port } = new URL(world.mcpUrl)
      const lies = {
        host: `localhost:${port}`,
        'x-forwarded-host': 'evil.example',
        'x-forwarded-proto': 'https',
        forwarded: 'host=evil.example;proto=https',
      }
      const challenge = await raw(world.mcpUrl, { method: 'POST', headers: lies })
      expect(challenge.status).toBe(401)
      expect(challenge.headers['www-authenticate']).toContain(
        `resource_metadata="http://127.0.0.1:${port}/.well-known/oauth-protected-resource/mcp"`,
      )
      const metadata = new URL('/.well-known/oauth-protected-resource/mcp', world.mcpUrl).href
      const { status, body } = await raw(metadata, { headers: lies })
      expect([status, JSON.parse(body)]).toEqual([
        200,
        expect.objectContaining({ resource: world.mcpUrl, authorization_servers: [world.users] }),
      ])
      expect(`${body}${challenge.headers['www-authenticate']}`).not.toContain('evil')
      const changed = await raw(metadata, { method: 'POST', headers: lies })
      expect(changed.status).toBeGreaterThanOrEqual(400)
    })

    test('a token in a place of its own is none', async () => {
      const token = await tokenOf(world, ann)
      const before = world.decisions.length
      for (const authorization of [`bearer${token}`, `Basic ${token}`, token]) {
        const { status, body } = await raw(world.mcpUrl, { method: 'POST', headers: { authorization } })
        expect(status).toBe(401)
        expect(body).not.toContain(token.slice(0, 40))
      }
      const form = new URLSearchParams({ access_token: token }).toString()
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      expect((await raw(world.mcpUrl, { method: 'POST', headers }, form)).status).toBe(401)
      expect(world.decisions).toHaveLength(before)
    })

    test('of two tokens it acts for the one that it has verified, if for any', async () => {
      const [first, second] = [await tokenOf(world, ann), await tokenOf(world, carol)]
      for (const between of [', Bearer ', ',', ' ']) {
        const answer = await (await post(world.mcpUrl, `${first}${between}${second}`)).text()
        expect(answer).toMatch(/ann@example\.com|invalid_token/)
        expect(answer).not.toContain(carol)
        const forged = `${first.slice(0, -8)}AAAAAAAA${between}${second}`
        expect((await post(world.mcpUrl, forged)).status).toBe(401)
      }
    })

    test('a result that is an error tells nothing of token, claims, or how things are set up', async () => {
      const secret = 'a-claim-that-nobody-may-see'
      const token = await tokenOf(world, 'bob@example.com', { department: secret })
      const answer = await post(world.mcpUrl, token)
      const told = await answer.text()
      expect(told).toContain('Policy does not permit this delegation.')
      for (const hidden of [
        secret,
        token.split('.')[1] ?? '',
        token.split('.')[2] ?? '',
        '0oa',
        'Not Bob',
        world.users,
      ])
        expect(told).not.toContain(hidden)
    })
  })
})

describe('two users of one server that keeps sessions', () => {
  test('each gets what is theirs, however their calls are mixed', async () => {
    await using world = await startWorld(sessions)
    const callers = await Promise.all(
      [ann, carol].map(async (login) => ({
        login,
        ...(await beginSession(world, await tokenOf(world, login))),
      })),
    )
    const calls = Array.from({ length: 20 }, (_, index) => callers[index % 2])
    const answers = await Promise.all(
      calls.map(async (caller) => [caller?.login, await (await caller?.call())?.text()]),
    )
    for (const [login, answer] of answers) {
      const others = [ann, carol].filter((each) => each !== login)
      expect(answer).toContain(`ordersOf\\":\\"${login}`)
      for (const other of others) expect(answer).not.toContain(other)
    }
  })

  test("somebody else's session is none, whether it is spoken to, listened to or ended", async () => {
    await using world = await startWorld(sessions)
    const { id, call } = await beginSession(world, await tokenOf(world, ann))
    const stranger = await tokenOf(world, carol)
    const before = world.decisions.length
    expect((await call(stranger)).status).toBe(404)
    for (const method of ['GET', 'DELETE']) {
      const headers = {
        authorization: `Bearer ${stranger}`,
        'mcp-session-id': id,
        accept: 'text/event-stream',
      }
      expect((await fetch(world.mcpUrl, { method, headers })).status).toBe(404)
    }
    expect(world.decisions).toHaveLength(before)
    expect(await (await call()).text()).toContain(ann)
  })

  test('where nobody looks whose a session is, a tool acts for whose token it was called with', async () => {
    await using world = await startWorld(sessions, { environment: { OWNERS: 'anybody' } })
    const { call } = await beginSession(world, await tokenOf(world, ann))
    const answer = await (await call(await tokenOf(world, carol))).text()
    expect(answer).toContain(carol)
    expect(answer).not.toContain(ann)
  })
})

async function beginSession(world: World, token: string) {
  const speak = (message: object, headers: Record<string, string> = {}) =>
    fetch(world.mcpUrl, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...headers,
      },
      body: JSON.stringify({ jsonrpc: '2.0', ...message }),
    })
  const protocolVersion = '2025-06-18'
  let calls = 1
  const begun = await speak({
    id: 1,
    method: 'initialize',
    params: { protocolVersion, capabilities: {}, clientInfo: { name: 'test', version: '1' } },
  })
  const id = begun.headers.get('mcp-session-id') ?? ''
  expect([begun.status, id.length]).toEqual([200, 36])
  await begun.text()
  const inSession = { 'mcp-session-id': id, 'mcp-protocol-version': protocolVersion }
  await speak({ method: 'notifications/initialized' }, inSession)
  return {
    id,
    /** @param other - another token than that of who began the session */
    call: (other: string = token) =>
      speak(
        { id: ++calls, method: 'tools/call', params: { name: 'list_orders', arguments: {} } },
        { ...inSession, authorization: `Bearer ${other}` },
      ),
  }
}

interface RawAnswer {
  readonly status: number | undefined
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

/** Sends headers that `fetch` does not. */
function raw(
  url: string,
  options: { readonly method?: string; readonly headers: Readonly<Record<string, string>> },
  content = '',
): Promise<RawAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>()
  request(url, options, async (response) => {
    let body = ''
    for await (const chunk of response) body += String(chunk)
    resolve({ status: response.statusCode, headers: response.headers, body })
  })
    .on('error', reject)
    .end(content)
  return promise
}
