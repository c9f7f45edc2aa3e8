import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { listen } from '@behalf/testing'
import { describe, expect, it } from 'vitest'
import { type RunningExample, runExample } from '../../../examples/run-example.ts'
import { freePort } from '../../../tools/free-port.ts'
import { BehalfProcess, folderWith } from './behalf-process.ts'
import { sendRaw } from './raw-request.ts'

const config = (policy: string) => `export default {
  authenticate: { secrets: [process.env.HOOK_SECRET] },
  issuers: [{ issuer: process.env.ISSUER, audiences: [process.env.AUDIENCE] }],
  clients: { [process.env.CLIENT_IDS]: { scopes: ['orders:read'] } },
  resources: { [process.env.RESOURCE]: { verifier: 'behalf' } },
  policy: ${policy},
}`

const sealing = `sealing: sealed({ keys: process.env.SEALING_KEYS }),`
const sealedConfig = `import { sealed } from '${import.meta.resolve('@behalf/hook/sealing')}'
${config(`() => ({ decision: 'permit' })`).replace('policy:', `${sealing}\n  policy:`)}`

async function startDev(cwd: string): Promise<{ dev: BehalfProcess; apiA: string }> {
  const dev = new BehalfProcess(['dev', '--port', '0', '--sandbox-port', '0'], { cwd })
  await dev.line(/ready; each exchange is logged below/)
  const [, apiA = ''] = /(http:\S+)\/orders/.exec(await dev.line(/^API A/)) ?? []
  return { dev, apiA }
}

async function get(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(url, { headers })
  return { status: answer.status, body: await answer.json() }
}

// Each starts several processes; on a busy machine that takes its time.
describe('behalf dev', { timeout: 60_000 }, () => {
  it('carries a user through API A, org, hook and API B, and logs it', async () => {
    await using folder = await folderWith({})
    const { dev, apiA } = await startDev(folder.path)
    await using running = dev
    expect(await get(`${apiA}/try?user=bob@example.com`)).toEqual({
      status: 200,
      body: {
        orders: [{ id: 1, item: 'a lamp' }],
        of: 'bob@example.com',
        actors: ['0oaApiA0000000000001'],
        scopes: ['orders:read'],
      },
    })
    expect(await running.line(/^\d\d:\d\d:\d\d {2}hook /)).toMatch(
      /hook {3}permit {2}0oaApiA0+1 for bob@example\.com: orders:read at https:\/\/orders\.example {2}[\d.]+ ms$/,
    )
    expect(await running.line(/^\d\d:\d\d:\d\d {2}API A/)).toMatch(/for bob@example\.com: API B answers 200/)
    expect(await get(`${apiA}/orders`, { authorization: 'Bearer a.b.c' })).toMatchObject({ status: 401 })
    running.child.kill('SIGTERM')
    expect(await running.exitCode()).toBe(0)
  })

  it('has a page that knows what hook and APIs made of an exchange, and lets API A perform others', async () => {
    await using folder = await folderWith({})
    const dev = new BehalfProcess(['dev', '--port', '0', '--sandbox-port', '0'], { cwd: folder.path })
    await using running = dev
    const [, origin = ''] = /^Look at it: (http:\S+)\/$/.exec(await running.line(/^Look at it/)) ?? []
    await running.line(/ready; each exchange is logged below/)
    const asked = await fetch(`${origin}/api/behalf/exchanges`, {
      method: 'POST',
      headers: { origin },
      body: JSON.stringify({
        login: 'bob@example.com',
        clientId: '0oaApiA0000000000001',
        scopes: ['orders:read'],
      }),
    })
    expect(asked.status).toBe(201)
    await running.line(/API A.*API B answers 200/)
    const last = async (): Promise<unknown> => {
      const { body } = await get(`${origin}/api/behalf/exchanges`)
      return Array.isArray(body) ? body.at(-1) : body
    }
    const told = (step: string) => expect.objectContaining({ step, outcome: 'continued' })
    await expect.poll(last).toMatchObject({
      outcome: 'delegated',
      subject: 'bob@example.com',
      assertion: { kind: 'encrypted' },
      steps: expect.arrayContaining([told('open'), told('verify'), told('policy')]),
      calls: [{ party: 'API B', accepted: true, outcome: 'answers 200' }],
    })
    expect((await get(`${origin}/api/behalf/policy`)).body).toEqual({ policies: [] })
    const other = await fetch(`${origin}/api/behalf/exchanges`, {
      method: 'POST',
      headers: { origin },
      body: JSON.stringify({
        login: 'bob@example.com',
        clientId: '0oaApiA0000000000001',
        resource: 'https://x',
      }),
    })
    // The org performs what API A does not ask for, and finds the hook's keys where the hook is now.
    expect(await other.json()).toMatchObject({
      presented: expect.stringMatching(/^sealed for the hook's key/),
    })
  })

  it('shows the policies in force on the page, and a changed file at once', async () => {
    const policies = `policies: ${JSON.stringify('policies')}`
    const file = (id: string) => `@id("${id}")\npermit (principal, action, resource);\n`
    await using folder = await folderWith({
      'behalf.config.ts': `import { cedar } from '${import.meta.resolve('@behalf/hook/cedar')}'\n${config(`cedar({ ${policies} })`)}`,
      'policies/orders.cedar': file('first'),
    })
    const { dev, apiA } = await startDev(folder.path)
    await using running = dev
    const [, origin = ''] = /^Look at it: (http:\S+)\/$/.exec(await running.line(/^Look at it/)) ?? []
    const shown = async (): Promise<unknown> => (await get(`${origin}/api/behalf/policy`)).body
    const first = { id: 'first', effect: 'permit', place: expect.stringMatching(/orders\.cedar:1$/) }
    expect(await shown()).toEqual({ policies: [{ ...first, text: expect.stringContaining('permit (') }] })
    const changed = join(folder.path, 'policies/orders.cedar')
    await writeFile(changed, file('second'))
    await running.line(/the changed policies are in force/)
    await expect.poll(shown).toMatchObject({ policies: [{ id: 'second' }] })
    await running.line(/started anew, because its sources have changed/)
    expect((await get(`${apiA}/try`)).status).toBe(200)
    const last = async (): Promise<unknown> => {
      const { body } = await get(`${origin}/api/behalf/exchanges`)
      return Array.isArray(body) ? body.at(-1) : body
    }
    await expect.poll(last).toMatchObject({ outcome: 'delegated', policies: ['second'] })
    await writeFile(changed, 'permit (')
    await running.line(/not started anew/)
    expect(await shown()).toMatchObject({
      policies: [{ id: 'second' }],
      faults: expect.arrayContaining([expect.stringMatching(/orders\.cedar:1/)]),
    })
  })

  it('starts the hook anew when its configuration changes, and keeps the one before a faulty one', async () => {
    await using folder = await folderWith({ 'behalf.config.ts': config(`() => ({ decision: 'permit' })`) })
    const file = join(folder.path, 'behalf.config.ts')
    const { dev, apiA } = await startDev(folder.path)
    await using running = dev
    expect((await get(`${apiA}/try`)).status).toBe(200)

    await writeFile(file, config(`() => ({ decision: 'forbid', reason: 'closed today' })`))
    await running.line(/started anew, because its sources have changed/)
    expect(await get(`${apiA}/try`)).toEqual({ status: 403, body: { error: 'policy_denied' } })
    expect(await running.line(/deny/)).toMatch(
      /for alice@example\.com: orders:read at https:\/\/orders\.example {2}policy_denied.*step 'policy'/,
    )

    await writeFile(file, 'export default { clients: 7 }')
    expect(await running.line(/not started anew/)).toMatch(
      /the one before goes on: the configuration is refused:/,
    )
    expect((await get(`${apiA}/try`)).status).toBe(403)
  })

  it('says that the hook takes bare assertions, and seals as soon as its configuration opens seals', async () => {
    await using folder = await folderWith({ 'behalf.config.ts': config(`() => ({ decision: 'permit' })`) })
    const { dev, apiA } = await startDev(folder.path)
    await using running = dev
    expect(running.stdout.join('\n')).toMatch(/^! the hook takes bare assertions/m)
    expect(running.stdout.join('\n')).not.toContain('SEAL_JWKS_URI')
    expect((await get(`${apiA}/try`)).status).toBe(200)
    await writeFile(join(folder.path, 'behalf.config.ts'), sealedConfig)
    await running.line(/started anew, because its sources have changed/)
    // It takes sealed ones only.
    expect((await get(`${apiA}/try`)).status).toBe(200)
  })

  it('seals, with a key that is made for the run, and hands on the public half', async () => {
    await using folder = await folderWith({ 'behalf.config.ts': sealedConfig })
    const { dev, apiA } = await startDev(folder.path)
    await using running = dev
    const printed = running.stdout.join('\n')
    expect(printed).not.toContain('bare assertions')
    const [, jwksUri = ''] = /SEAL_JWKS_URI=(\S+)/.exec(printed) ?? []
    const { keys } = Object(await (await fetch(jwksUri)).json())
    expect(keys).toEqual([expect.objectContaining({ use: 'enc', crv: 'P-256', kid: expect.any(String) })])
    expect(keys[0]).not.toHaveProperty('d')
    expect((await get(`${apiA}/try`)).status).toBe(200)
    expect(await get(jwksUri.replace('jwks.json', 'other'))).toMatchObject({ status: 404 })
    // Bare, it is refused: what API A sent was sealed.
    const [, org = ''] = /^org +(\S+)/m.exec(printed) ?? []
    const [, clientId = '', secret = ''] = /CLIENT_ID=(\S+) CLIENT_SECRET=(\S+)/.exec(printed) ?? []
    const answer = await fetch(`${org}/oauth2/behalf/v1/token?assertion=a.b.c`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${clientId}:${secret}`)}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'orders:read' }),
    })
    expect(await answer.text()).toContain('seal_required')
  })

  it('shows what becomes of a token whose hook knows no resources: API B, which knows its audience, refuses it', async () => {
    const without = config(`() => ({ decision: 'permit' })`).replace(/ {2}resources: .*\n/, '')
    await using folder = await folderWith({ 'behalf.config.ts': without })
    const { dev, apiA } = await startDev(folder.path)
    await using running = dev
    expect(await get(`${apiA}/try`)).toEqual({ status: 401, body: { error: 'token_invalid' } })
    expect(await running.line(/^\d\d:\d\d:\d\d {2}API B/)).toMatch(
      /refuses: token_invalid \(audience mismatch\)/,
    )
  })

  it('leaves no hook behind, however it ends', async () => {
    await using folder = await folderWith({})
    const { dev } = await startDev(folder.path)
    await using running = dev
    const [, hook = ''] = /(http:\S+)/.exec(await running.line(/^hook {2}/)) ?? []
    expect((await fetch(hook)).status).toBe(405)
    running.child.kill('SIGKILL')
    await expect.poll(() => fetch(hook).catch(() => 'gone')).toBe('gone')
  })

  it('goes on whatever a page sends to any of its servers', async () => {
    await using folder = await folderWith({})
    const { dev, apiA } = await startDev(folder.path)
    await using running = dev
    const origins = running.stdout.flatMap((line) => {
      const [, origin] = /^(?:org|hook|API A|API B) +(http:\/\/[\d.:]+)/.exec(line) ?? []
      return origin === undefined ? [] : [origin]
    })
    expect(origins).toHaveLength(4)
    for (const origin of origins) {
      const { host } = new URL(origin)
      for (const target of [
        '//',
        '//[',
        'http://[',
        '*',
        '/%',
        `/try?user=%`,
        '/oauth2/users/v1/authorize?%',
      ]) {
        expect(await sendRaw(origin, `GET ${target} HTTP/1.1`, `Host: ${host}`)).toMatch(/^HTTP\/1\.1 \d{3} /)
        expect(await sendRaw(origin, `GET ${target} HTTP/1.1`, 'Host: evil.example')).toMatch(
          /^HTTP\/1\.1 [345]/,
        )
      }
    }
    expect((await get(`${apiA}/try`)).status).toBe(200)
    running.child.kill('SIGTERM')
    expect(await running.exitCode()).toBe(0)
  })

  it('takes a seed: its users, its service as API A, its hook and its scopes', async () => {
    const seed = `
host: 0.0.0.0
baseUrl: https://okta.example
authorizationServers:
  - id: delegation
    audience: https://nobody.invalid
    scopes: [stock:read]
    policies:
      - name: One
        clients: [0oaShop]
        rules: [{ name: r, grantTypes: [client_credentials], inlineHook: mine }]
  - id: staff
    audience: api://shop
    policies: [{ name: Sign-in, rules: [{ name: r, grantTypes: [authorization_code] }] }]
inlineHooks:
  - { id: mine, uri: 'https://hook.example/elsewhere', auth: { header: X-Hook, secret: a-secret-of-the-seed-0123 } }
users: [{ login: "o'carol+1@example.com" }]
apps:
  - { clientId: 0oaWeb, type: web, redirectUris: ['https://shop.example/cb'], auth: { method: client_secret_basic, clientSecret: web-secret } }
  - { clientId: 0oaOther, type: service, auth: { method: client_secret_basic, clientSecret: other-secret } }
  - { clientId: 0oaShop, type: service, auth: { method: client_secret_post, clientSecret: "it's a secret" } }
`
    await using folder = await folderWith({ 'org.yaml': seed })
    await using dev = new BehalfProcess(['dev', '--port', '0', '--sandbox-port', '0', '--seed', 'org.yaml'], {
      cwd: folder.path,
    })
    await dev.line(/ready; each exchange is logged below/)
    expect(await dev.line(/of the seed is for/)).toContain('host, baseUrl of the seed is for behalf sandbox')
    const { stdout } = await promisify(execFile)('/bin/sh', ['-c', await dev.line(/curl/)])
    expect(JSON.parse(stdout)).toMatchObject({
      of: "o'carol+1@example.com",
      actors: ['0oaShop'],
      scopes: ['stock:read'],
    })
  })

  it.each([
    ['apps: []', /no service with a secret that gets a scope at behalf/],
    ['authorizationServers: [{ id: a, policies: [] }]', /no server that people sign in at/],
    ['colour: red', /colour/],
  ])('refuses a seed without the parties of an exchange: %s', async (seed, sentence) => {
    await using folder = await folderWith({ 'org.yaml': seed })
    await using dev = new BehalfProcess(['dev', '--port', '0', '--sandbox-port', '0', '--seed', 'org.yaml'], {
      cwd: folder.path,
    })
    expect([await dev.exitCode(), dev.stderr.join()]).toEqual([2, expect.stringMatching(sentence)])
  })

  it("lets one's own APIs join with the variables that it prints", async () => {
    await using folder = await folderWith({})
    const [sandboxPort, portA, portB] = [await freePort(), await freePort(), await freePort()]
    const own = { 'API A': `http://127.0.0.1:${portA}/orders`, 'API B': `http://127.0.0.1:${portB}/orders` }
    const args = ['--sandbox-port', `${sandboxPort}`, '--api-a', own['API A'], '--api-b', own['API B']]
    await using dev = new BehalfProcess(['dev', ...args], { cwd: folder.path })
    await dev.line(/ready; each exchange is logged below/)
    const joinWith = async (
      api: keyof typeof own,
      example: string,
      port: number,
    ): Promise<RunningExample> => {
      const printed = await dev.line(new RegExp(`^ {2}${api} +ISSUER=`))
      const variables = [...printed.matchAll(/(\w+)=(\S+)/g)].map(([, name = '', value]) => [name, value])
      return runExample(fileURLToPath(new URL(`../../../examples/${example}/main.ts`, import.meta.url)), {
        ...Object.fromEntries(variables),
        PORT: `${port}`,
      })
    }
    await using _apiB = await joinWith('API B', 'api-b-fastify', portB)
    await using _apiA = await joinWith('API A', 'api-a-express', portA)
    const command = await dev.line(/curl .*alice/)
    expect(command).toContain(
      `$(npx behalf token --server users --sandbox http://127.0.0.1:${sandboxPort} alice@example.com)`,
    )
    expect(command).toContain(own['API A'])
    const tokens = await fetch(`http://127.0.0.1:${sandboxPort}/sandbox/tokens`, {
      method: 'POST',
      body: JSON.stringify({ login: 'alice@example.com', server: 'users' }),
    })
    const { access_token } = Object(await tokens.json())
    const answer = await get(own['API A'], { authorization: `Bearer ${access_token}` })
    expect(answer).toMatchObject({ status: 200, body: expect.anything() })
    expect(JSON.stringify(answer.body)).toContain('alice@example.com')
    expect(await dev.line(/hook {3}permit/)).toContain('for alice@example.com: orders:read')
  })

  it('blames the option that the port of the org came from', async () => {
    await using taken = await listen((_, response) => response.end())
    const { port: inUse } = new URL(taken.origin)
    for (const [port, code, sentence] of [
      [inUse, 1, `port ${inUse} is in use; choose another with --sandbox-port`],
      ['x', 2, '--sandbox-port must be a number from 0 to 65535'],
    ] as const) {
      await using dev = new BehalfProcess(['dev', '--port', '0', '--sandbox-port', port])
      expect([await dev.exitCode(), dev.stderr]).toEqual([code, [`behalf dev: ${sentence}`]])
    }
  })

  it('says what is wrong with the configuration at the start, and stops', async () => {
    await using folder = await folderWith({ 'behalf.config.ts': 'export default { clients: 7 }' })
    await using dev = new BehalfProcess(['dev', '--port', '0', '--sandbox-port', '0'], { cwd: folder.path })
    expect(await dev.exitCode()).toBe(2)
    expect(dev.stderr.join('\n')).toMatch(/^behalf dev: the configuration is refused:\n[\s\S]*clients/)
  })
})
