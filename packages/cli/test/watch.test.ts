import { clientSecretBasic, createClient } from '@behalf/client'
import { createHook } from '@behalf/hook'
import { startNodeServer } from '@behalf/hook/node'
import { createSandbox, defaultApiToken, defaultOrg } from '@behalf/sandbox'
import { listen, ManualClock, oneServer } from '@behalf/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { main } from '../src/index.ts'
import './okta-sdk-loaded.ts'
import { BehalfProcess } from './behalf-process.ts'
import { type RecordedTerminal, recordedTerminal } from './recorded-terminal.ts'

const [, apiA] = defaultOrg.apps
const secret = 'hook-secret-0123456789'
const hookUri = 'http://127.0.0.1:9/inline-hook'

/** An org with a hook, and how tokens are had from it. */
async function startWorld({ permits = true } = {}) {
  const reaches = { hook: true }
  let target = ''
  const sandbox = await createSandbox({
    ...oneServer,
    hook: { uri: hookUri, secret },
    fetch: (url, init) => fetch(reaches.hook ? target : url, init),
  })
  onTestFinished(() => sandbox.close())
  const issuer = sandbox.servers[0]?.issuer ?? ''
  const hook = createHook({
    authenticate: { secrets: [secret] },
    issuers: [{ issuer, audiences: ['api://default'] }],
    clients: { [apiA.clientId]: {} },
    policy: () => ({ decision: permits ? 'permit' : 'forbid' }),
  })
  const server = await startNodeServer(hook, { drainDelayMs: 0 })
  onTestFinished(() => server.stop())
  target = `${server.origin}/inline-hook`
  const client = createClient({
    issuer,
    clientId: apiA.clientId,
    auth: clientSecretBasic('api-a-secret-for-the-sandbox-only'),
  })
  const assertion = await sandbox.userToken({ login: 'alice@example.com' })
  const api = (method: string, path: string, body?: object) =>
    fetch(`${sandbox.url}/api/v1${path}`, {
      method,
      headers: { authorization: `SSWS ${defaultApiToken}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).then((response) => response.json())
  const changeRules = async (change: (token: object & { inlineHook?: unknown }) => object): Promise<void> => {
    for (const policy of Object(await api('GET', '/authorizationServers/default/policies')))
      for (const rule of Object(
        await api('GET', `/authorizationServers/default/policies/${policy.id}/rules`),
      ))
        await api('PUT', `/authorizationServers/default/policies/${policy.id}/rules/${rule.id}`, {
          ...rule,
          actions: { ...rule.actions, token: change(rule.actions.token) },
        })
  }
  const variables = { OKTA_ORG_URL: sandbox.url, OKTA_API_TOKEN: defaultApiToken }
  return {
    reaches,
    issuer,
    variables,
    /** Asks for a token as API A; returns the code of the error, if there is one. */
    exchange: (): Promise<{ code?: string; requestId?: string }> =>
      client.acquireToken({ assertion, scopes: ['orders:read'], skipCache: true }).then(
        () => ({}),
        (error: unknown) => Object(error),
      ),
    /** Takes the hook off every rule of the server, as a slip of an administrator would. */
    detach: () => changeRules(({ inlineHook: _, ...token }) => token),
    /** Has every rule of the server call another hook, which stands at the same place. */
    callAnother: async () => {
      const { id } = Object(
        await api('POST', '/inlineHooks', {
          name: 'another',
          type: 'com.okta.oauth2.tokens.transform',
          version: '1.0.0',
          channel: {
            type: 'HTTP',
            version: '1.0.0',
            config: {
              uri: 'http://127.0.0.1:9/another',
              method: 'POST',
              authScheme: { type: 'HEADER', key: 'Authorization', value: secret },
            },
          },
        }),
      )
      await changeRules((token) => ({ ...token, inlineHook: { id } }))
    },
    /** A token is judged when it is a minute old. */
    terminal: (laterMs = 61_000, env: Readonly<Record<string, string>> = variables): RecordedTerminal => {
      const clock = new ManualClock(Date.now() + laterMs)
      return recordedTerminal({ clock, env })
    },
  }
}

type World = Awaited<ReturnType<typeof startWorld>>

/** The same org, whose System Log names no targets. */
function withoutTargets(orgUrl: string) {
  return listen(async ({ url = '', headers }, response) => {
    const answer = await fetch(`${orgUrl}${url}`, { headers: { authorization: headers.authorization ?? '' } })
    const document: unknown = await answer.json()
    const told =
      url.startsWith('/api/v1/logs') && Array.isArray(document)
        ? document.map((event) =>
            String(event.eventType).startsWith('inline_hook.') ? { ...event, target: null } : event,
          )
        : document
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(told))
  })
}

async function watch(world: World, ...args: readonly string[]) {
  const terminal = world.terminal(undefined, world.variables)
  // Here users sign in at the same server.
  const clients = args.includes('--client') ? [] : ['--client', apiA.clientId]
  const code = await main(['watch', '--issuer', world.issuer, ...clients, ...args], terminal)
  return { code, stdout: terminal.stdout, stderr: terminal.stderr }
}

describe('behalf watch', () => {
  it('sees nothing where every token was changed, and a denial is nothing', async () => {
    const world = await startWorld()
    await world.exchange()
    expect(await watch(world)).toEqual({ code: 0, stdout: ['0 sightings; 1 tokens judged.'], stderr: [] })
    const forbidding = await startWorld({ permits: false })
    expect((await forbidding.exchange()).code).toBe('policy_denied')
    expect(await watch(forbidding)).toMatchObject({ code: 0, stderr: [] })
  })

  it('sees a call that failed, once, with the request id that API A has', async () => {
    const world = await startWorld()
    await world.exchange()
    world.reaches.hook = false
    const { code, requestId } = await world.exchange()
    expect(code).toBe('token_undelegated')
    const seen = await watch(world, '--json')
    expect(seen.code).toBe(1)
    expect(seen.stdout.map((line) => JSON.parse(line))).toEqual([
      {
        kind: 'failed_call',
        time: expect.stringMatching(/^\d{4}-/),
        client: apiA.clientId,
        requestId,
        reason: expect.stringContaining('connection'),
      },
    ])
    expect((await watch(world)).stdout).toEqual([
      expect.stringMatching(
        new RegExp(`^✗ \\S+  failed call +client ${apiA.clientId}, request ${requestId}, `),
      ),
      '1 sightings; 2 tokens judged.',
    ])
  })

  it('sees tokens that no hook has answered, and the rules that issue them', async () => {
    const world = await startWorld()
    await world.exchange()
    await world.detach()
    const { code, requestId } = await world.exchange()
    expect(code).toBe('token_undelegated')
    const seen = await watch(world, '--json')
    expect([seen.code, seen.stderr]).toEqual([1, []])
    const sightings = seen.stdout.map((line) => JSON.parse(line))
    expect(sightings.filter(({ kind }) => kind === 'plain_token')).toEqual([
      { kind: 'plain_token', time: expect.any(String), client: apiA.clientId, requestId },
    ])
    expect(sightings.some(({ kind }) => kind === 'rule_without_hook')).toBe(true)
  })

  it('judges the clients that it is told to, and no token before its time', async () => {
    const world = await startWorld()
    await world.exchange()
    await world.detach()
    await world.exchange()
    const others = await watch(world, '--json', '--client', '0oaSomebodyElse')
    expect(others.stdout.filter((line) => line.includes('plain_token'))).toEqual([])
    const early = world.terminal(0)
    await main(['watch', '--issuer', world.issuer, '--json'], early)
    expect(early.stdout.filter((line) => line.includes('plain_token'))).toEqual([])
  })

  it("takes no other hook's answer for that of the hook that it is told", async () => {
    const world = await startWorld()
    await world.exchange()
    expect(await watch(world, '--hook', hookUri)).toMatchObject({ code: 0, stderr: [] })
    await world.callAnother()
    expect(await world.exchange()).toEqual({})
    expect(await watch(world)).toMatchObject({ code: 0, stderr: [] })
    const seen = await watch(world, '--hook', hookUri, '--json')
    expect([seen.code, seen.stderr]).toEqual([1, []])
    const sightings = seen.stdout.map((line) => JSON.parse(line))
    expect(sightings.filter(({ kind }) => kind === 'plain_token')).toMatchObject([{ client: apiA.clientId }])
    expect(sightings.find(({ kind }) => kind === 'rule_without_hook')).toMatchObject({
      reason: expect.stringMatching(/ calls another hook$/),
    })
    world.reaches.hook = false
    await world.exchange()
    const failed = await watch(world, '--hook', hookUri, '--json')
    expect(failed.stdout.filter((line) => line.includes('failed_call'))).toEqual([])
  })

  it('says so where the log does not tell which hook has answered, and overlooks no failure then', async () => {
    const world = await startWorld()
    await world.exchange()
    world.reaches.hook = false
    const { requestId } = await world.exchange()
    await using org = await withoutTargets(world.variables.OKTA_ORG_URL)
    const variables = { ...world.variables, OKTA_ORG_URL: org.origin }
    const seen = await watch({ ...world, variables }, '--hook', hookUri, '--json')
    expect(seen.stdout.map((line) => JSON.parse(line))).toMatchObject([{ kind: 'failed_call', requestId }])
    expect(seen.stderr).toEqual([
      expect.stringMatching(/^behalf: the log does not say which hook's the answers are, .* cannot be told/),
    ])
    expect((await watch({ ...world, variables })).stderr).toEqual([])
  })

  it('goes on looking, sees each once, and ends by what it saw', async () => {
    const world = await startWorld()
    await world.exchange()
    const terminal = world.terminal()
    const ended = main(
      ['watch', '--issuer', world.issuer, '--every', '60', '--json', '--metrics-port', '0'],
      terminal,
    )
    await expect.poll(() => terminal.stdout.join('\n')).toMatch(/metrics at/)
    const metrics = /http:\S+/.exec(terminal.stdout.join('\n'))?.[0] ?? ''
    const count = async (labels: string): Promise<string | undefined> =>
      new RegExp(`^behalf_watch_${labels} (\\d+)$`, 'm').exec(await (await fetch(metrics)).text())?.[1]
    await expect.poll(() => count('look_duration_count{behalf_outcome="ok"}')).toBe('1')
    world.reaches.hook = false
    await world.exchange()
    terminal.clock.advance(60_000)
    await expect.poll(() => count('sightings_total{behalf_sighting="failed_call"}')).toBe('1')
    terminal.clock.advance(60_000)
    await expect.poll(() => count('look_duration_count{behalf_outcome="ok"}')).toBe('3')
    expect(terminal.stdout.filter((line) => line.includes('failed_call'))).toHaveLength(1)
    terminal.stop()
    expect(await ended).toBe(1)
  })

  it('stays up as a process of its own until it is stopped', { timeout: 60_000 }, async () => {
    const world = await startWorld()
    await using watching = new BehalfProcess(
      ['watch', '--issuer', world.issuer, '--client', apiA.clientId, '--every', '1', '--json'],
      { env: world.variables },
    )
    world.reaches.hook = false
    const { requestId } = await world.exchange()
    expect(JSON.parse(await watching.line(/failed_call/))).toMatchObject({ requestId })
    watching.child.kill('SIGTERM')
    expect([await watching.exitCode(), watching.stderr]).toEqual([1, []])
  })

  it('says what is missing', async () => {
    const terminal = recordedTerminal({})
    expect(await main(['watch', '--issuer', 'https://example.okta.com/oauth2/behalf'], terminal)).toBe(2)
    expect(terminal.stderr[0]).toContain('OKTA_ORG_URL is not set')
  })
})
