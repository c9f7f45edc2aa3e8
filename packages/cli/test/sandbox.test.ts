import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { main } from '../src/index.ts'
import type { SandboxSummary } from '../src/sandbox/summary.ts'
import { BehalfProcess, folderWith } from './behalf-process.ts'
import { recordedTerminal } from './recorded-terminal.ts'

async function readSummary(sandbox: BehalfProcess): Promise<SandboxSummary> {
  return JSON.parse(await sandbox.line(/^\{/))
}

/** Asks the server that issues delegated tokens. */
function requestToken({ authorizationServers: [, server], apps }: SandboxSummary): Promise<Response> {
  const { clientId, clientSecret } = apps.find(({ label }) => label === 'API A') ?? {}
  return fetch(server?.tokenEndpoint ?? '', {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'orders:read' }),
  })
}

describe('behalf sandbox', () => {
  it('prints issuer, audience, users, apps and commands, then that it listens, and stops on SIGTERM with 0', async () => {
    await using sandbox = new BehalfProcess(['sandbox', '--port', '0'])
    const ready = await sandbox.line(/^behalf: the sandbox listens on/)
    const origin = ready.split(' ').at(-1)
    const printed = sandbox.stdout.join('\n')
    for (const fact of [
      `${origin}/oauth2/users`,
      'api://a',
      `${origin}/oauth2/behalf`,
      'https://undelegated.invalid',
      `ISSUER=${origin}/oauth2/users AUDIENCE=api://a RESOURCE=https://orders.example RESOURCE_VERIFIER=behalf `,
      'alice@example.com',
      'API A',
      'api-a-secret-for-the-sandbox-only',
      'npx behalf serve',
    ]) {
      expect(printed).toContain(fact)
    }
    const metadata = await fetch(`${origin}/oauth2/behalf/.well-known/openid-configuration`)
    expect(await metadata.json()).toMatchObject({ issuer: `${origin}/oauth2/behalf` })
    sandbox.child.kill('SIGTERM')
    expect(await sandbox.exitCode()).toBe(0)
  })

  it('prints a token command that works when it is copied', async () => {
    await using sandbox = new BehalfProcess(['sandbox', '--port', '0'])
    await sandbox.line(/listens on/)
    const command = sandbox.stdout.find((line) => line.includes('curl')) ?? ''
    const [, credentials = '', url = ''] = /-u (\S+) .* (http\S+)$/.exec(command) ?? []
    const answer = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(credentials)}` },
      body: new URLSearchParams(
        Object.fromEntries(
          [...command.matchAll(/(?:-d|--data-urlencode) ([^= ]+)=(\S+)/g)].map(
            ([, name = '', value = '']) => [name, value] as const,
          ),
        ),
      ),
    })
    expect(answer.status).toBe(200)
  })

  it('calls the hook with the secret that it was given', async () => {
    await using hook = new BehalfProcess(['serve', '--port', '0'], {
      env: {
        ISSUER: 'http://127.0.0.1:9/oauth2/users',
        AUDIENCE: 'api://a',
        RESOURCE: 'https://orders.example',
        HOOK_SECRET: 'hook-secret-0123456789',
      },
    })
    const uri = (await hook.line(/listens on/)).split(' ').at(-1) ?? ''
    await using sandbox = new BehalfProcess([
      'sandbox',
      '--port',
      '0',
      '--hook',
      uri,
      '--hook-secret',
      'hook-secret-0123456789',
      '--json',
    ])
    const answer = await requestToken(await readSummary(sandbox))
    expect(answer.ok).toBe(false)
    expect(await answer.json()).toMatchObject({
      error: 'server_error',
      error_description: expect.stringMatching(/^assertion_missing: /),
    })
  })

  it('makes a secret for the hook when none is given, and tells it', async () => {
    await using sandbox = new BehalfProcess([
      'sandbox',
      '--port',
      '0',
      '--hook',
      'http://127.0.0.1:9/inline-hook',
      '--json',
    ])
    const { hook } = await readSummary(sandbox)
    expect(hook?.secret).toMatch(/^[\w-]{32}$/)
    // The hook is down, and Okta fails open.
    const answer = await requestToken(await readSummary(sandbox))
    expect(answer.status).toBe(200)
  })

  it.each([
    [['--hook-auth-header', 'X-Foo'], ' HOOK_AUTH_HEADER=X-Foo npx behalf serve'],
    [['--hook-auth-header', "X-$'"], ` HOOK_AUTH_HEADER='X-$'\\''' npx behalf serve`],
    [[], 'HOOK_SECRET=hook-secret-0123456789 npx behalf serve'],
  ])('prints a serve that takes the header of %j', async (args, command) => {
    const hook = ['--hook', 'http://127.0.0.1:9/inline-hook', '--hook-secret', 'hook-secret-0123456789']
    await using sandbox = new BehalfProcess(['sandbox', '--port', '0', ...hook, ...args])
    expect(await sandbox.line(/npx behalf serve/)).toContain(command)
  })

  it('is what the seed says, and goes on where a state ended', async () => {
    await using folder = await folderWith({ 'org.yaml': 'users:\n  - login: bob@example.com\n' })
    const args = ['sandbox', '--port', '0', '--json', '--seed', 'org.yaml', '--state', 'state.json']
    const keyIds: unknown[] = []
    for (let run = 0; run < 2; run++) {
      await using sandbox = new BehalfProcess(args, { cwd: folder.path })
      const { users, authorizationServers } = await readSummary(sandbox)
      expect(users).toEqual([{ login: 'bob@example.com' }])
      const keys = await fetch(`${authorizationServers[0]?.issuer}/v1/keys`)
      keyIds.push(Object(await keys.json()).keys[0].kid)
      sandbox.child.kill('SIGTERM')
      expect(await sandbox.exitCode()).toBe(0)
    }
    expect(keyIds[1]).toBe(keyIds[0])
    expect((await stat(join(folder.path, 'state.json'))).mode & 0o777).toBe(0o600)
  })

  it('refuses a hook that a state does not have, and takes the one that it has', async () => {
    await using folder = await folderWith({})
    const at = (port: number) => ['--hook', `http://127.0.0.1:${port}/inline-hook`]
    const args = (...hook: readonly string[]) => [
      'sandbox',
      '--port',
      '0',
      '--state',
      'state.json',
      '--json',
      ...hook,
    ]
    const secrets: unknown[] = []
    // A secret that nobody has given is not asked for again.
    for (let run = 0; run < 2; run++) {
      await using sandbox = new BehalfProcess(args(...at(9)), { cwd: folder.path })
      secrets.push((await readSummary(sandbox)).hook?.secret)
      sandbox.child.kill('SIGTERM')
      expect(await sandbox.exitCode()).toBe(0)
    }
    expect(secrets[1]).toBe(secrets[0])
    for (const other of [at(10), [...at(9), '--hook-secret', 'another-secret-0123456789']]) {
      await using sandbox = new BehalfProcess(args(...other), { cwd: folder.path })
      expect([await sandbox.exitCode(), sandbox.stderr.join()]).toEqual([
        2,
        expect.stringMatching(/--hook says otherwise than --state state\.json/),
      ])
    }
  })

  it('refuses a seed with all its faults and exit code 2', async () => {
    await using folder = await folderWith({ 'org.yaml': 'users: 7\ncolour: red\n' })
    const terminal = recordedTerminal()
    expect(await main(['sandbox', '--seed', join(folder.path, 'org.yaml')], terminal)).toBe(2)
    expect(terminal.stderr.join('\n')).toMatch(
      /org\.yaml: the seed describes no org:\n(.*users.*\n.*colour.*|.*colour.*\n.*users.*)/,
    )
  })

  it.each([
    [['--hook', 'localhost:8080'], /--hook must be an http or https URL/],
    [['--hook-secret', 'hook-secret-0123456789'], /--hook-secret needs --hook/],
    [['--hook', 'http://127.0.0.1:9/', '--hook-secret', ''], /--hook-secret must not be empty/],
    [['--port', '99999'], /--port must be a number/],
    [['--hook', 'http://127.0.0.1:9/', '--hook-auth-header', 'a b'], /header/],
  ])('refuses %j in one sentence with exit code 2', async (args, sentence) => {
    const terminal = recordedTerminal()
    expect(await main(['sandbox', ...args], terminal)).toBe(2)
    expect(terminal.stderr).toEqual([expect.stringMatching(sentence)])
  })

  it('takes a secret with a comma for the one that it is', async () => {
    await using sandbox = new BehalfProcess(
      ['sandbox', '--port', '0', '--hook', 'http://127.0.0.1:9/inline-hook'],
      {
        env: { HOOK_SECRET: '7,kQ0-secret-0123456789' },
      },
    )
    expect(await sandbox.line(/npx behalf serve/)).toContain('HOOK_SECRET=7,kQ0-secret-0123456789 ')
  })

  it('tells of the hook that a seed has, and of each request, unless it is to be quiet', async () => {
    const seed = [
      "hook: { uri: 'http://127.0.0.1:9/inline-hook', secret: a-secret-of-the-seed }",
      'apps:',
      "  - { clientId: mySpa, type: spa, redirectUris: ['http://127.0.0.1:5000/cb'] }",
      '  - { clientId: mySvc, type: service, auth: { method: client_secret_basic, clientSecret: a-secret-of-an-app } }',
    ].join('\n')
    await using folder = await folderWith({ 'org.yaml': seed })
    const args = ['sandbox', '--port', '0', '--seed', 'org.yaml']
    for (const quiet of [false, true]) {
      await using sandbox = new BehalfProcess([...args, ...(quiet ? ['--quiet'] : [])], { cwd: folder.path })
      const origin = (await sandbox.line(/listens on/)).split(' ').at(-1)
      const printed = sandbox.stdout.join('\n')
      expect(printed).toContain('http://127.0.0.1:9/inline-hook, called for client_credentials at behalf')
      expect(printed).toContain('HOOK_SECRET=a-secret-of-the-seed npx behalf serve')
      expect(printed).toMatch(/^ {2}CLIENT_ID=mySvc .* npx behalf exchange/m)
      const answer = await fetch(`${origin}/oauth2/behalf/v1/token?assertion=not-for-the-terminal`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa('mySvc:a-secret-of-an-app')}` },
        body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'orders:read' }),
      })
      expect(answer.status).toBe(200)
      if (!quiet)
        await sandbox.line(
          /^POST \/oauth2\/behalf\/v1\/token 200 {2}mySvc, client_credentials: plain, the hook failed: .* \d+ ms$/,
        )
      sandbox.child.kill('SIGTERM')
      expect(await sandbox.exitCode()).toBe(0)
      const all = sandbox.stdout.join('\n')
      expect(all).not.toContain('not-for-the-terminal')
      expect(all.includes('the hook failed')).toBe(!quiet)
    }
  })
})
