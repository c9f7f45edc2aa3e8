import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { errorTable } from '@behalf/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { installOnDemand } from '../../on-demand.ts'
import { root } from '../../workspace.ts'
import { generations, post, signedIn } from './callers.ts'
import { servers } from './programs.ts'
import { assistant, mcpServer, orders, startWorld, type World } from './world.ts'

beforeAll(() => {
  installOnDemand('examples/mcp-server')
  installOnDemand('tools/outside/mcp')
}, 600_000)

test('all servers compile, and the example is less than eighty lines', () => {
  const tsc = join(root, 'node_modules/.bin/tsc')
  for (const folder of ['examples/mcp-server', 'tools/outside/mcp/servers'])
    execFileSync(tsc, ['-p', join(root, folder)], { stdio: 'inherit' })
  const lines = execFileSync('wc', ['-l', servers['the example']], { encoding: 'utf8' })
  expect(Number.parseInt(lines, 10)).toBeLessThan(80)
})

describe.each(Object.entries(servers))('%s', (_server, program) => {
  let world: World
  beforeAll(async () => {
    world = await startWorld(program)
  }, 60_000)
  afterAll(() => world?.[Symbol.asyncDispose]())

  describe.each(generations)('a client of the %s generation', (generation) => {
    test('signs its user in by PKCE and reaches API B as that user', async () => {
      const { client, provider } = await signedIn(generation, world, 'ann@example.com')
      expect(await client.tools()).toEqual(['list_orders', 'place_order'])
      const { isError, content } = await client.call('list_orders')
      // Written by API B, about the token that it was called with.
      expect([isError ?? false, JSON.parse(content[0]?.text ?? '')]).toEqual([
        false,
        { ordersOf: 'ann@example.com', actors: [mcpServer] },
      ])
      expect(world.decisions.at(-1)).toMatchObject({
        decision: 'permit',
        subject: 'ann@example.com',
        actors: [mcpServer],
        agents: [mcpServer],
        audience: orders,
      })
      const [asked] = provider.sentTo
      expect(provider.sentTo).toHaveLength(1)
      expect(asked?.origin + (asked?.pathname ?? '')).toBe(`${world.users}/v1/authorize`)
      expect(Object.fromEntries(asked?.searchParams ?? [])).toMatchObject({
        client_id: assistant,
        code_challenge_method: 'S256',
        resource: world.mcpUrl,
        scope: 'mcp',
      })
      await client.close()
    })

    test('gets more scopes, then a stronger sign-in, when a tool needs them', async () => {
      const { client, provider } = await signedIn(generation, world, 'ann@example.com')
      const { isError, content } = await client.call('place_order')
      expect([isError ?? false, JSON.parse(content[0]?.text ?? '')]).toEqual([
        false,
        { orderedFor: 'ann@example.com', actors: [mcpServer] },
      ])
      const asked = provider.sentTo.map(({ searchParams }) => [
        searchParams.get('scope')?.split(' ').includes('orders.place'),
        searchParams.get('acr_values'),
        searchParams.get('max_age'),
      ])
      expect(asked).toEqual([
        [false, null, null],
        [true, null, null],
        [true, 'urn:okta:loa:2fa:any', '300'],
      ])
      await client.close()
    })

    test('is told the public sentence where its user may not, and sends nobody to sign in', async () => {
      const { client, provider } = await signedIn(generation, world, 'bob@example.com')
      const result = await client.call('list_orders')
      expect(result).toMatchObject({
        isError: true,
        content: [{ type: 'text', text: errorTable.policy_denied.sentence }],
      })
      expect(provider.sentTo).toHaveLength(1)
      await client.close()
    })
  })

  describe('refuses', () => {
    /** Ann's token of a server. */
    const tokenOf = (server = 'users', scope = 'mcp'): Promise<string> =>
      world.okta.userToken({ login: 'ann@example.com', app: assistant, server, scopes: [scope] })
    const metadata = () => world.mcpUrl.replace('/mcp', '/.well-known/oauth-protected-resource/mcp')

    test("a token for another audience, and API B refuses the user's own, passed on", async () => {
      const wrong = await post(world.mcpUrl, await tokenOf('others'))
      expect(wrong.status).toBe(401)
      expect(wrong.headers.get('www-authenticate')).toMatch(/^Bearer error="invalid_token"/)
      expect(wrong.headers.get('www-authenticate')).toContain(`resource_metadata="${metadata()}"`)
      const passedOn = await fetch(`${world.apiB}/orders`, {
        headers: { authorization: `Bearer ${await tokenOf()}` },
      })
      expect(passedOn.status).toBe(401)
      expect(world.refusals.at(-1)).toContain('token_invalid')
    })

    test('a token that somebody has changed, before anybody is asked', async () => {
      const token = await tokenOf()
      const before = world.decisions.length
      expect((await post(world.mcpUrl, `${token.slice(0, -8)}AAAAAAAA`)).status).toBe(401)
      expect(world.decisions).toHaveLength(before)
    })

    test('a token in the query, and no token, before anybody is asked', async () => {
      const token = await tokenOf()
      const before = world.decisions.length
      for (const url of [`${world.mcpUrl}?access_token=${token}`, world.mcpUrl]) {
        const response = await post(url, undefined)
        expect(response.status).toBe(401)
        expect(response.headers.get('www-authenticate')).toContain(`resource_metadata="${metadata()}"`)
        expect(await response.text()).not.toContain(token)
      }
      expect(world.decisions).toHaveLength(before)
    })

    test('a token with too few scopes, and says which it wants', async () => {
      const response = await post(world.mcpUrl, await tokenOf('users', 'orders.place'))
      expect(response.status).toBe(403)
      expect(response.headers.get('www-authenticate')).toMatch(/error="insufficient_scope".*scope="mcp"/)
    })

    test('a tool for which the user has too few, with what a client needs to get them', async () => {
      const response = await post(world.mcpUrl, await tokenOf(), 'place_order')
      expect([response.status, response.headers.get('www-authenticate'), await response.json()]).toEqual([
        403,
        `Bearer error="insufficient_scope", scope="mcp orders.place", resource_metadata="${metadata()}"`,
        { error: 'insufficient_scope' },
      ])
    })
  })

  test('says whom to ask for a token', async () => {
    const path = '/.well-known/oauth-protected-resource/mcp'
    expect(await (await fetch(new URL(path, world.mcpUrl))).json()).toEqual({
      resource: world.mcpUrl,
      authorization_servers: [world.users],
      bearer_methods_supported: ['header'],
      scopes_supported: ['mcp'],
    })
  })

  test.each(generations)(
    'with the hook down a client of the %s generation learns it, and API B is not called',
    async (generation) => {
      const { client } = await signedIn(generation, world, 'ann@example.com')
      await world.hook.stop()
      const before = world.refusals.length
      expect(await client.call('list_orders')).toMatchObject({
        isError: true,
        content: [{ type: 'text', text: errorTable.token_undelegated.sentence }],
      })
      expect(world.refusals).toHaveLength(before)
      await client.close()
    },
  )
})

test('the org of the guide can be started', async () => {
  const behalf = join(root, 'packages/cli/bin/behalf.js')
  const seed = join(root, 'examples/mcp-server/org.yaml')
  const program = spawn(process.execPath, [behalf, 'sandbox', '--seed', seed, '--port', '0', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(program, 'close')
  const [text] = await once(program.stdout.setEncoding('utf8'), 'data')
  const { url } = JSON.parse(text)
  const metadata = await fetch(`${url}/.well-known/oauth-authorization-server/oauth2/users`)
  expect(await metadata.json()).toMatchObject({ issuer: `${url}/oauth2/users` })
  program.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
})
