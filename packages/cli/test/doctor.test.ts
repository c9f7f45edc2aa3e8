import { join } from 'node:path'
import { createHook } from '@behalf/hook'
import { startNodeServer } from '@behalf/hook/node'
import { createSandbox, defaultApiToken, defaultOrg } from '@behalf/sandbox'
import { listen, ManualClock, oneServer, TestIssuer } from '@behalf/testing'
import { describe, expect, it } from 'vitest'
import { main } from '../src/index.ts'
import { folderWith } from './behalf-process.ts'
import { diagnose } from './diagnosis.ts'
import './okta-sdk-loaded.ts'
import { recordedTerminal } from './recorded-terminal.ts'

describe('behalf doctor on the issuer', () => {
  it('finds one that cannot be reached', async () => {
    const { code, find } = await diagnose(['--issuer', 'http://127.0.0.1:9/oauth2/default'])
    expect(code).toBe(1)
    expect(find('issuer metadata')).toMatchObject({
      status: 'failure',
      detail: 'it cannot be read: BAD_PORT',
    })
  })

  it('finds metadata of another issuer, unusable keys and keys elsewhere', async () => {
    await using issuer = await TestIssuer.start()
    issuer.metadataAnswer = { body: { issuer: `${issuer.issuer}/`, jwks_uri: `${issuer.issuer}/v1/keys` } }
    expect((await diagnose(['--issuer', issuer.issuer])).find('issuer metadata')?.status).toBe('failure')
    issuer.metadataAnswer = { body: { issuer: issuer.issuer, jwks_uri: 'https://keys.example.com/' } }
    expect((await diagnose(['--issuer', issuer.issuer])).find('issuer keys')?.detail).toMatch(
      /another origin/,
    )
    issuer.metadataAnswer = undefined
    issuer.keysAnswer = { body: { keys: [{ kty: 'oct', k: 'AAAA', kid: 'k' }] } }
    expect((await diagnose(['--issuer', issuer.issuer])).find('issuer keys')?.detail).toMatch(
      /none of 1 is a usable/,
    )
    issuer.keysAnswer = { status: 500 }
    expect((await diagnose(['--issuer', issuer.issuer])).find('issuer keys')?.detail).toBe(
      'they cannot be read: it answers 500',
    )
  })

  it.each([
    [0, 'ok'],
    [30, 'warning'],
    [-90, 'failure'],
  ])('judges a clock that is %i s off', async (seconds, status) => {
    await using issuer = await TestIssuer.start()
    const clock = new ManualClock(Date.now() + seconds * 1000)
    expect((await diagnose(['--issuer', issuer.issuer], {}, clock)).find('clock')?.status).toBe(status)
  })
})

describe('behalf doctor on the hook', () => {
  it.each([
    ['refuses with 401', 401, '', 'hook reachable', /answers 401/],
    ['redirects', 302, '', 'hook reachable', /answers 302/],
    ['accepts anybody', 200, '{"commands":[]}', 'hook without secret', /it was accepted/],
    [
      'denies only later',
      200,
      '{"error":{"errorSummary":"assertion_missing: x"}}',
      'hook with a wrong secret',
      /as far as 'assertion_missing'/,
    ],
    [
      'denies its own secret',
      200,
      '{"error":{"errorSummary":"caller_unauthenticated: x"}}',
      'hook with the secret',
      /denied/,
    ],
    ['answers nonsense', 200, 'OK', 'hook with the secret', /denied/],
  ])('finds one that %s', async (_, status, body, check, detail) => {
    await using hook = await listen((_request, response) => response.writeHead(status).end(body))
    const { code, find } = await diagnose(['--hook', hook.origin], { HOOK_SECRET: 'hook-secret-0123456789' })
    expect(code).toBe(1)
    expect(find(check)).toMatchObject({ status: 'failure', detail: expect.stringMatching(detail) })
  })

  it('finds one that is down, and an untrusted certificate', async () => {
    const { find } = await diagnose(['--hook', 'https://127.0.0.1:9/inline-hook'])
    expect(find('hook reachable')?.status).toBe('failure')
    expect(find('hook TLS')).toMatchObject({
      status: 'failure',
      detail: 'no trusted connection: ECONNREFUSED',
    })
  })

  it('measures a slow one', async () => {
    await using hook = await listen((_, response) => {
      setTimeout(() => response.end('{"error":{"errorSummary":"caller_unauthenticated: x"}}'), 550)
    })
    expect((await diagnose(['--hook', hook.origin])).find('hook latency')).toMatchObject({
      status: 'warning',
      detail: expect.stringMatching(/^p50 (?:[5-9]\d\d|\d{4,}) ms, p95 \d{3,} ms/),
    })
  })
})

describe('behalf doctor on the org', () => {
  const api = (url: string) => ({ OKTA_ORG_URL: url, OKTA_API_TOKEN: defaultApiToken })

  it('finds a secret that was changed on one side only, a wide rule and plain tokens in the System Log', async () => {
    const server = await startNodeServer(
      createHook({
        authenticate: { secrets: ['hook-secret-0123456789'] },
        issuers: [{ issuer: 'https://example.okta.com/oauth2/default', audiences: ['a'] }],
        clients: 'any',
      }),
      { drainDelayMs: 0 },
    )
    const uri = `${server.origin}/inline-hook`
    await using sandbox = await createSandbox({
      ...oneServer,
      hook: { uri, secret: 'former-secret-0123456789' },
      hookTimeoutMs: 400,
    })
    const issuer = `${sandbox.url}/oauth2/default`
    try {
      const { code, find } = await diagnose(['--issuer', issuer, '--hook', uri], {
        ...api(sandbox.url),
        HOOK_SECRET: 'hook-secret-0123456789',
      })
      expect(code).toBe(1)
      expect(find('hook with the secret')?.status).toBe('ok')
      expect(find('hook called by Okta')).toMatchObject({
        status: 'failure',
        detail: 'the hook denies what Okta authenticates with',
      })
      expect(find('rule scopes')).toMatchObject({ status: 'warning', detail: 'every scope is granted' })
      expect(find('System Log')?.status).toBe('ok')
    } finally {
      await server.stop()
    }
    const [, apiA] = defaultOrg.apps
    const client = { CLIENT_ID: apiA.clientId, CLIENT_SECRET: 'api-a-secret-for-the-sandbox-only' }
    const down = await diagnose(
      ['--issuer', issuer, '--hook', uri, '--scope', 'orders:read', '--sign-in', 'alice@example.com'],
      {
        ...api(sandbox.url),
        ...client,
      },
    )
    expect(down.find('exchange')).toMatchObject({
      status: 'failure',
      detail: expect.stringMatching(/^token_undelegated: /),
    })
    expect(down.find('token without a user')).toMatchObject({ status: 'warning', detail: 'issued, plain' })
    expect(down.find('System Log')).toMatchObject({
      status: 'failure',
      detail: expect.stringMatching(
        /^[23] plain tokens in the last 24 h .*The connection to the inline hook failed/,
      ),
    })
  })

  it('finds a hook that is inactive, one that is not attached, and rules without any', async () => {
    await using hook = await listen((_, response) => response.end('{"commands":[]}'))
    const uri = `${hook.origin}/inline-hook`
    await using sandbox = await createSandbox({
      ...oneServer,
      inlineHooks: [{ id: 'calLoose', uri, auth: { secret: 'hook-secret-0123456789' } }],
    })
    const issuer = `${sandbox.url}/oauth2/default`
    const loose = await diagnose(['--issuer', issuer, '--hook', uri], api(sandbox.url))
    expect(loose.find('hook registered')?.status).toBe('ok')
    expect(loose.find('rule')).toMatchObject({
      status: 'failure',
      detail: expect.stringMatching(/calls the hook$/),
    })
    expect(loose.find('rule without hook')?.detail).toMatch(/^'Default policy \/ Machines'/)
    await fetch(`${sandbox.url}/api/v1/inlineHooks/calLoose/lifecycle/deactivate`, {
      method: 'POST',
      headers: { authorization: `SSWS ${defaultApiToken}` },
    })
    const inactive = await diagnose(['--issuer', issuer, '--hook', uri], api(sandbox.url))
    expect(inactive.find('hook registered')).toMatchObject({
      status: 'failure',
      detail: expect.stringMatching(/inactive/),
    })
  })

  it('makes wrong credentials a finding, and goes on', async () => {
    await using sandbox = await createSandbox(oneServer)
    const { code, findings, find } = await diagnose(
      ['--issuer', `${sandbox.url}/oauth2/default`, '--hook', 'http://127.0.0.1:9/'],
      { ...api(sandbox.url), OKTA_API_TOKEN: 'wrong' },
    )
    expect(code).toBe(1)
    expect(find('the registration at Okta')?.detail).toMatch(/401 E0000011/)
    expect(findings.at(-1)?.check).toBe("Okta's System Log")
  })
})

describe('behalf doctor on API B', () => {
  it.each([
    [401, 'ok'],
    [200, 'failure'],
    [404, 'warning'],
  ])('judges a plain token that is answered with %i', async (status, judged) => {
    await using apiB = await listen((request, response) => {
      response.writeHead(request.headers.authorization === 'Bearer plain.token.here' ? status : 500).end()
    })
    await using folder = await folderWith({ 'token.txt': 'plain.token.here\n' })
    await using issuer = await TestIssuer.start()
    const file = join(folder.path, 'token.txt')
    const { find } = await diagnose([
      '--issuer',
      issuer.issuer,
      '--api-b',
      apiB.origin,
      '--plain-token',
      file,
    ])
    expect(find('API B and plain tokens')?.status).toBe(judged)
  })
})

describe('behalf doctor', () => {
  it('prints aligned lines with remedies, and counts', async () => {
    await using issuer = await TestIssuer.start()
    const terminal = recordedTerminal()
    expect(await main(['doctor', '--issuer', issuer.issuer], terminal)).toBe(0)
    expect(terminal.stdout[0]).toMatch(/^✓ issuer metadata {11}it names the issuer$/)
    expect(terminal.stdout.join('\n')).toMatch(/^– hook {22}no hook was given\n {28}→ give --hook$/m)
    expect(terminal.stdout.at(-1)).toMatch(/^0 failures, 0 warnings, 3 fine, \d skipped\.$/)
  })

  it.each([
    [[], /nothing is given to look at/],
    [['--hook', 'http://example.com'], /--hook must be an https URL/],
    [['--hook', 'https://example.com', '--samples', '0'], /--samples must be a number/],
  ])('refuses %j with exit code 2', async (args, sentence) => {
    const terminal = recordedTerminal()
    expect(await main(['doctor', ...args], terminal)).toBe(2)
    expect(terminal.stderr).toEqual([expect.stringMatching(sentence)])
  })
})
