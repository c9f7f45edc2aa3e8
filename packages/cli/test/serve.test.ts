import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { hookEvent, listen, TestIssuer, userClaims } from '@behalf/testing'
import { describe, expect, it } from 'vitest'
import { main } from '../src/index.ts'
import { BehalfProcess, folderWith } from './behalf-process.ts'
import { recordedTerminal } from './recorded-terminal.ts'

const nowSeconds = (): number => Math.floor(Date.now() / 1000)

function environment(issuer: string): Record<string, string> {
  return {
    ISSUER: issuer,
    AUDIENCE: 'api://a',
    HOOK_SECRET: 'hook-secret-0123456789',
    HOOK_SECRET_PREVIOUS: 'former-secret-0123456789',
    CLIENT_IDS: '0oaApiA',
  }
}

async function originOf(hook: BehalfProcess): Promise<string> {
  const line = await hook.line(/listens on/)
  return /(http:\/\/\S+)\/inline-hook/.exec(line)?.[1] ?? ''
}

function exchange(origin: string, assertion: string, secret = 'hook-secret-0123456789'): Promise<Response> {
  return fetch(`${origin}/inline-hook`, {
    method: 'POST',
    headers: { authorization: secret, 'content-type': 'application/json' },
    body: JSON.stringify(hookEvent({ assertion })),
  })
}

describe('behalf serve', () => {
  it('serves from the environment alone and logs one JSON line a decision', async () => {
    await using issuer = await TestIssuer.start()
    await using hook = new BehalfProcess(['serve', '--port', '0'], { env: environment(issuer.issuer) })
    const origin = await originOf(hook)

    for (const secret of ['hook-secret-0123456789', 'former-secret-0123456789']) {
      const response = await exchange(origin, issuer.sign(userClaims(nowSeconds())), secret)
      expect(response.status).toBe(200)
      expect(Object.keys(Object(await response.json()))).toContain('commands')
    }
    const denied = await exchange(origin, issuer.sign(userClaims(nowSeconds(), { exp: nowSeconds() - 1 })))
    expect(await denied.json()).toMatchObject({ debugContext: { code: 'assertion_expired' } })

    await hook.line(/assertion_expired/)
    const records = hook.stdout.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line))
    expect(records.map(({ decision, client }) => [decision, client])).toEqual([
      ['permit', '0oaApiA'],
      ['permit', '0oaApiA'],
      ['deny', '0oaApiA'],
    ])
  })

  it('serves from behalf.config.ts in the current folder', async () => {
    await using issuer = await TestIssuer.start()
    await using folder = await folderWith({
      'behalf.config.ts': `export default {
        authenticate: { header: 'x-hook-secret', secrets: [process.env.SECRET] },
        issuers: [{ issuer: '${issuer.issuer}', audiences: ['api://a'] }],
        clients: { '0oaApiA': { audiences: ['api://a'] } },
        policy: () => ({ decision: 'forbid', reason: 'closed today' }),
      } satisfies object`,
    })
    await using hook = new BehalfProcess(['serve', '--port', '0'], {
      cwd: folder.path,
      env: { SECRET: 'hook-secret-0123456789' },
    })
    const response = await fetch(`${await originOf(hook)}/inline-hook`, {
      method: 'POST',
      headers: { 'x-hook-secret': 'hook-secret-0123456789', 'content-type': 'application/json' },
      body: JSON.stringify(hookEvent({ assertion: issuer.sign(userClaims(nowSeconds())) })),
    })
    expect(await response.json()).toMatchObject({
      error: { errorSummary: expect.stringMatching(/^policy_denied: closed today \(decision [\w-]+\)$/) },
    })
  })

  it('is ready when the keys are loaded, and stops on SIGTERM with exit code 0', async () => {
    await using issuer = await TestIssuer.start()
    await using hook = new BehalfProcess(['serve', '--port', '0', '--drain-delay', '300'], {
      env: environment(issuer.issuer),
    })
    const origin = await originOf(hook)
    const health = await fetch(`${origin}/healthz`)
    expect([health.status, await health.json()]).toEqual([
      200,
      { version: '0.1.0', configuration: expect.stringMatching(/^[0-9a-f]{16}$/) },
    ])
    await expect.poll(async () => (await fetch(`${origin}/readyz`)).status).toBe(200)
    hook.child.kill('SIGTERM')
    // It serves on while load balancers get to notice.
    await expect.poll(async () => (await fetch(`${origin}/readyz`)).status).toBe(503)
    const answer = await exchange(origin, issuer.sign(userClaims(nowSeconds())))
    expect(answer.headers.get('connection')).toBe('close')
    expect(Object.keys(Object(await answer.json()))).toContain('commands')
    expect(await hook.exitCode()).toBe(0)
  })

  it('outlives a rejection and an exception that its policy leaves to nobody, and says where they came from', async () => {
    await using issuer = await TestIssuer.start()
    await using folder = await folderWith({
      'behalf.config.ts': `export default {
        authenticate: { secrets: ['hook-secret-0123456789'] },
        issuers: [{ issuer: '${issuer.issuer}', audiences: ['api://a'] }],
        clients: { '0oaApiA': {} },
        policy: () => {
          void Promise.reject(new TypeError('with a secret'))
          setTimeout(() => { throw new RangeError('with a secret') })
          return { decision: 'permit' }
        },
      }`,
    })
    await using hook = new BehalfProcess(['serve', '--port', '0'], { cwd: folder.path })
    const origin = await originOf(hook)
    for (const _ of [1, 2]) {
      const answer = await exchange(origin, issuer.sign(userClaims(nowSeconds())))
      expect(Object.keys(Object(await answer.json()))).toContain('commands')
    }
    expect(await hook.line(/unhandledRejection/)).toMatch(
      /"name":"TypeError","frames":\["at .*behalf\.config\.ts/,
    )
    expect(await hook.line(/uncaughtException/)).toMatch(/"name":"RangeError"/)
    expect(hook.stderr.join()).not.toContain('with a secret')
  })

  it('outlives the reader of its log', async () => {
    await using issuer = await TestIssuer.start()
    await using hook = new BehalfProcess(['serve', '--port', '0'], { env: environment(issuer.issuer) })
    const origin = await originOf(hook)
    hook.child.stdout?.destroy()
    for (const _ of [1, 2, 3]) {
      const answer = await exchange(origin, issuer.sign(userClaims(nowSeconds())))
      expect(Object.keys(Object(await answer.json()))).toContain('commands')
    }
  })

  it('denies and says why while the issuer cannot be reached', async () => {
    await using hook = new BehalfProcess(['serve', '--port', '0'], {
      env: environment('http://127.0.0.1:9/oauth2/default'),
    })
    const origin = await originOf(hook)
    expect(await hook.line(/no keys/)).toMatch(
      /exchanges are denied: the issuer's metadata could not be reached \(BAD_PORT: no web client asks/,
    )
    expect((await fetch(`${origin}/readyz`)).status).toBe(503)
  })

  it('refuses a wrong environment with every fault at once and exit code 2', async () => {
    const hook = recordedTerminal({ env: { AUDIENCE: ' ', CLIENT_IDS: 'a,,b' } })
    expect(await main(['serve'], hook)).toBe(2)
    expect(hook.stderr).toEqual([
      'behalf serve: the configuration is refused:',
      '  ISSUER: is not set',
      '  AUDIENCE: is not set',
      '  HOOK_SECRET: is not set',
      '  CLIENT_IDS: has an empty member; separate members by single commas',
    ])
  })

  it('refuses a wrong file with every fault at once and exit code 2', async () => {
    await using folder = await folderWith({
      'bad.ts': `export default {
        authenticate: { header: 'a b', secrets: [undefined] },
        issuers: [{ issuer: 'http://example.com/oauth2/default', audiences: [], colour: 'red' }],
        clients: 'everybody',
        limits: { deadlineMs: 5000 },
      }`,
    })
    await using hook = new BehalfProcess(['serve', '--config', 'bad.ts'], { cwd: folder.path })
    expect(await hook.exitCode()).toBe(2)
    expect(hook.stderr.slice(1).map((line) => line.trim().split(':')[0])).toEqual([
      'authenticate.header',
      'authenticate.secrets[0]',
      'issuers[0].audiences',
      'issuers[0].colour',
      'clients',
      'limits.deadlineMs',
      'issuers[0].issuer',
    ])
  })

  it.each([
    [['serve', '--config', 'none.ts'], 2, /the configuration file none.ts does not exist/],
    [['serve', '--port', 'http'], 2, /--port must be a number from 0 to 65535/],
    [['serve', '--port', '-1'], 2, /--port needs a value; one that begins with a dash is written --port=-…$/],
    [['serve', '--drain-delay', '2s'], 2, /--drain-delay must be a number of milliseconds/],
    [['serve', '--colour'], 2, /--colour/],
    [['fly'], 2, /there is no command 'fly'/],
  ])('says in one sentence what is wrong with %j', async (args, code, sentence) => {
    const terminal = recordedTerminal()
    expect(await main(args, terminal)).toBe(code)
    expect(terminal.stderr).toEqual([expect.stringMatching(sentence)])
  })

  it.each([
    [['--config', 'c.ts'], /^behalf: clients is 'any' in c\.ts, so every client/],
    [[], /^behalf: CLIENT_IDS is not set, so every client/],
  ])('names what lets every client exchange: %j', async (args, sentence) => {
    const issuer = 'http://127.0.0.1:9/oauth2/default'
    await using folder = await folderWith({
      'c.ts': `export default {
        authenticate: { secrets: ['hook-secret-0123456789'] },
        issuers: [{ issuer: '${issuer}', audiences: ['api://a'] }],
        clients: 'any',
      }`,
    })
    await using hook = new BehalfProcess(['serve', '--port', '0', ...args], {
      cwd: folder.path,
      env: { ISSUER: issuer, AUDIENCE: 'api://a', HOOK_SECRET: 'hook-secret-0123456789' },
    })
    expect(await hook.line(/every client/)).toMatch(sentence)
  })

  it('refuses an ARN, which is no secret outside of Lambda', async () => {
    const arn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:hook'
    await using hook = new BehalfProcess(['serve', '--port', '0'], {
      env: { ...environment('https://example.okta.com/oauth2/default'), HOOK_SECRET: arn },
    })
    expect(await hook.exitCode()).toBe(2)
    expect(hook.stderr.slice(1)).toEqual([
      '  authenticate.secrets[0]: is an ARN; ARNs are resolved on AWS Lambda only',
    ])
  })

  it('answers a body of 10 MB with 200, however often', async () => {
    await using issuer = await TestIssuer.start()
    await using hook = new BehalfProcess(['serve', '--port', '0'], { env: environment(issuer.issuer) })
    const origin = await originOf(hook)
    const body = 'x'.repeat(10_000_000)
    for (let attempt = 0; attempt < 12; attempt++) {
      const headers = { authorization: 'hook-secret-0123456789', 'content-type': 'application/json' }
      const response = await fetch(`${origin}/inline-hook`, { method: 'POST', headers, body })
      expect(response.status).toBe(200)
      expect(await response.json()).toMatchObject({ debugContext: { code: 'request_malformed' } })
    }
  })

  it('stops when the npx that started it has gone, which passes no signal on', async () => {
    await using issuer = await TestIssuer.start()
    const npx = spawn('npx', ['behalf', 'serve', '--port', '0', '--drain-delay', '0'], {
      env: { ...process.env, ...environment(issuer.issuer) },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const [line] = await once(createInterface({ input: npx.stdout }), 'line')
    const origin = /(http:\/\/\S+)\/inline-hook/.exec(String(line))?.[1] ?? ''
    npx.kill('SIGTERM')
    await once(npx, 'exit')
    await expect
      .poll(() =>
        fetch(`${origin}/healthz`).then(
          () => 'up',
          () => 'gone',
        ),
      )
      .toBe('gone')
  })

  it('says that a port is in use and exits with 1', async () => {
    await using issuer = await TestIssuer.start()
    await using taken = await listen((_, response) => response.end())
    const { port } = new URL(taken.origin)
    await using hook = new BehalfProcess(['serve', '--port', port], { env: environment(issuer.issuer) })
    expect(await hook.exitCode()).toBe(1)
    expect(hook.stderr).toEqual([`behalf serve: port ${port} is in use; choose another with --port`])
  })
})
