import { spawnSync } from 'node:child_process'
import { mkdir, readdir, readFile, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hookEvent, SealingPair, TestIssuer, userClaims } from '@behalf/testing'
import { describe, expect, it } from 'vitest'
import { findWorkflowFaults } from '../../../tools/checks/workflow-rules.ts'
import { freePort } from '../../../tools/free-port.ts'
import { main } from '../src/index.ts'
import { ownVersion } from '../src/terminal/version.ts'
import { BehalfProcess, folderWith } from './behalf-process.ts'
import { type RecordedTerminal, recordedTerminal } from './recorded-terminal.ts'

const packages = fileURLToPath(new URL('../..', import.meta.url))
const orders = 'https://orders.example'
const names = ['--audience', 'api://a', '--client', '0oaApiA', '--resource', orders, '--scope', 'orders:read']
const facts = ['--hook-only', ...names]

async function init(args: readonly string[], terminal: RecordedTerminal = recordedTerminal()) {
  const code = await main(['init', ...args], terminal)
  return { code, stdout: terminal.stdout.join('\n'), stderr: terminal.stderr.join('\n') }
}

/** A folder in which everything is installed that this repository has. */
async function installedFolder() {
  const folder = await folderWith({})
  await symlink(join(packages, '../node_modules'), join(folder.path, 'node_modules'))
  return folder
}

/** Runs a script of the project. */
function npm(script: string, cwd: string) {
  const path = `${dirname(process.execPath)}:${process.env['PATH']}`
  return spawnSync('npm', ['run', '--silent', script], {
    cwd,
    encoding: 'utf8',
    env: { PATH: path },
    timeout: 45_000,
  })
}

/** A folder in which `@behalf/hook` is installed. */
async function projectFolder() {
  const folder = await folderWith({})
  await mkdir(join(folder.path, 'node_modules', '@behalf'), { recursive: true })
  await symlink(join(packages, 'hook'), join(folder.path, 'node_modules', '@behalf', 'hook'))
  return folder
}

describe('behalf init', () => {
  it.each([
    [['--yes'], /pass 7\n/],
    [
      [
        ...[
          '--issuer',
          'https://login.example/oauth2/people',
          '--audience',
          `it's "A" $&`,
          '--client',
          '0oa1',
        ],
        ...['--resource', `api://it's"B"`, '--scope', 'a:read', '--scope', 'a:write', '--policy', 'cedar'],
      ],
      /^2 passed, 0 failed$[\s\S]*pass 5\n/m,
    ],
  ])('writes a project whose own tests pass: %j', { timeout: 60_000 }, async (args, passed) => {
    await using folder = await installedFolder()
    expect(await init([...args, '--dir', folder.path])).toMatchObject({ code: 0, stderr: '' })
    const { status, stdout, stderr } = npm('test', folder.path)
    expect([stdout, stderr, status]).toEqual([expect.stringMatching(passed), expect.anything(), 0])
  })

  it('writes APIs that behalf dev starts, and a user gets their orders', { timeout: 60_000 }, async () => {
    await using folder = await installedFolder()
    await init(['--yes', '--dir', folder.path])
    const apis = { a: await freePort(), b: await freePort() }
    const url = (api: keyof typeof apis) => `http://127.0.0.1:${apis[api]}/orders`
    await using dev = new BehalfProcess(
      [
        ...['dev', '--seed', 'org.yaml', '--sandbox-port', '0', '--api-a', url('a'), '--api-b', url('b')],
        ...['--api-a-module', 'api-a/main.ts', '--api-b-module', 'api-b/main.ts'],
      ],
      { cwd: folder.path },
    )
    const told = await dev.line(/curl .*alice@example\.com/)
    await dev.line(/ready; each exchange/)
    const [, server = '', sandbox = ''] = /--server (\S+) --sandbox (\S+)/.exec(told) ?? []
    const token = new BehalfProcess(['token', '--server', server, '--sandbox', sandbox, 'alice@example.com'])
    await token.exitCode()
    const answer = await fetch(url('a'), { headers: { authorization: `Bearer ${token.stdout.join('')}` } })
    expect(await answer.json()).toEqual({ ordersOf: 'alice@example.com', askedBy: ['0oaApiA'] })
    dev.child.kill('SIGTERM')
    expect(await dev.exitCode()).toBe(0)
    await expect(fetch(url('a'))).rejects.toThrow()
  })

  it('completes a package.json that npm install has written, and touches no other', async () => {
    const tarball = { '@behalf/hook': 'file:../behalf-hook-0.1.0.tgz' }
    await using folder = await folderWith({ 'package.json': JSON.stringify({ dependencies: tarball }) })
    expect((await init(['--yes', '--dir', folder.path])).code).toBe(0)
    const written = JSON.parse(await readFile(join(folder.path, 'package.json'), 'utf8'))
    expect(written).toMatchObject({
      type: 'module',
      dependencies: { ...tarball, behalf: `^${ownVersion()}`, express: expect.any(String) },
    })

    const own = JSON.stringify({ name: 'mine', dependencies: tarball })
    await using other = await folderWith({ 'package.json': own })
    const { code, stderr } = await init(['--yes', '--dir', other.path])
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/has name, so there is a project already.*--hook-only/),
    ])
    expect(await readdir(other.path)).toEqual(['package.json'])
    expect(await readFile(join(other.path, 'package.json'), 'utf8')).toBe(own)
  })

  it('writes a workflow for GitHub that breaks no rule of ours', async () => {
    await using folder = await folderWith({})
    await init(['--yes', '--dir', folder.path])
    const workflow = await readFile(join(folder.path, '.github/workflows/ci.yml'), 'utf8')
    expect(findWorkflowFaults(workflow)).toEqual([])
    const pinned = (text: string) => new Set(text.match(/actions\/\S+ # \S+/g))
    const ours = pinned(await readFile(join(packages, '../.github/workflows/ci.yml'), 'utf8'))
    expect([...pinned(workflow)].filter((action) => !ours.has(action))).toEqual([])
  })

  it('writes a configuration that serves and a policy whose test passes', async () => {
    await using issuer = await TestIssuer.start()
    await using folder = await projectFolder()
    expect((await init(['--issuer', issuer.issuer, ...facts, '--dir', folder.path])).code).toBe(0)

    const tested = spawnSync(process.execPath, ['--test'], {
      cwd: folder.path,
      encoding: 'utf8',
      env: { PATH: '' },
    })
    expect(tested.stdout).toMatch(/pass 2\n/)
    expect(tested.status).toBe(0)

    const pair = new SealingPair()
    await using hook = new BehalfProcess(['serve', '--port', '0'], {
      cwd: folder.path,
      env: {
        HOOK_SECRET: 'hook-secret-0123456789',
        HOOK_SECRET_PREVIOUS: 'former-secret-0123456789',
        CLIENT_IDS: '0oaApiA, 0oaApiB',
        SEALING_KEYS: JSON.stringify(pair.jwk),
      },
    })
    const url = (await hook.line(/listens on/)).split(' ').at(-1) ?? ''
    const now = Math.floor(Date.now() / 1000)
    for (const [clientId, member] of [
      ['0oaApiA', 'commands'],
      ['0oaApiB', 'commands'],
      ['0oaOther', 'error'],
    ] as const) {
      const token = issuer.sign({ ...userClaims(now), groups: ['sales'], email: 'alice@example.com' })
      const aud = 'https://example.okta.com/oauth2/default'
      const seal = { assertion: token, client_id: clientId, aud, iat: now, jti: 'once' }
      const event = hookEvent({
        clientId,
        assertion: pair.seal(seal),
        accessClaims: { aud: 'https://undelegated.invalid' },
      })
      const answer = await fetch(url, {
        method: 'POST',
        headers: { authorization: 'former-secret-0123456789', 'content-type': 'application/json' },
        body: JSON.stringify(event),
      })
      const body = Object(await answer.json())
      expect(Object.keys(body)).toContain(member)
      if (member === 'error') continue
      const patch: { path: string; value: unknown }[] = body.commands[0].value
      const claimOf = (path: string) => patch.find((operation) => operation.path === path)?.value
      expect(claimOf('/claims/aud')).toBe(orders)
      // Claims by name: what API B does not need is not passed on.
      expect(claimOf('/claims/assertion')).toMatchObject({ groups: ['sales'] })
      expect(claimOf('/claims/assertion')).not.toHaveProperty('email')
    }
    // What is not sealed is not taken, and what it is sealed for is published.
    const bare = hookEvent({ clientId: '0oaApiA', assertion: issuer.sign(userClaims(now)) })
    const refused = await fetch(url, {
      method: 'POST',
      headers: { authorization: 'hook-secret-0123456789', 'content-type': 'application/json' },
      body: JSON.stringify(bare),
    })
    expect(JSON.stringify(await refused.json())).toContain('seal_required')
    const published = await fetch(new URL('/.well-known/jwks.json', url))
    expect(await published.json()).toMatchObject({ keys: [{ kid: pair.kid, use: 'enc' }] })
  })

  it('writes a configuration that refuses to serve without a key to open seals with', async () => {
    await using folder = await projectFolder()
    await init(['--issuer', 'https://example.okta.com/oauth2/users', ...facts, '--dir', folder.path])
    await using hook = new BehalfProcess(['serve', '--port', '0'], {
      cwd: folder.path,
      env: { HOOK_SECRET: 'hook-secret-0123456789' },
    })
    expect([await hook.exitCode(), hook.stderr.join('\n')]).toEqual([
      2,
      expect.stringMatching(/sealing\.keys.* is missing; is the environment variable set\?/),
    ])
  })

  it('writes a test that says which Node it needs', async () => {
    await using folder = await projectFolder()
    await init(['--issuer', 'https://example.okta.com/oauth2/users', ...facts, '--dir', folder.path])
    const { status, stdout } = spawnSync(process.execPath, ['--no-experimental-strip-types', '--test'], {
      cwd: folder.path,
      encoding: 'utf8',
      env: { PATH: '', NODE_OPTIONS: '--no-experimental-strip-types' },
    })
    expect(status).toBe(1)
    expect(stdout).toMatch(/behalf\.policy\.ts needs Node 22\.18 or later/)
  })

  it.each([
    ['{ "type": "commonjs" }', true],
    ['{}', true],
    ['{ "type": "module" }', false],
  ])('says what a package.json that is %s needs: %s', async (manifest, isNeeded) => {
    await using folder = await folderWith({ 'package.json': manifest })
    await mkdir(join(folder.path, 'below'))
    for (const dir of [folder.path, join(folder.path, 'below')]) {
      const { code, stdout } = await init(['--issuer', 'https://example.okta.com', ...facts, '--dir', dir])
      expect([code, /Next:[\s\S]*npm pkg set type=module/.test(stdout)]).toEqual([0, isNeeded])
    }
  })

  it('asks for what no option says', async () => {
    await using folder = await folderWith({})
    const answers = {
      issuer: ' https://example.okta.com/oauth2/users ',
      'API A calls itself': "api://a'b",
      'client id': '0oaApiA',
      'API B calls itself': orders,
      scopes: 'orders:read  orders:write',
    }
    expect((await init(['--hook-only', '--dir', folder.path], recordedTerminal({ answers }))).code).toBe(0)
    const config = await readFile(join(folder.path, 'behalf.config.ts'), 'utf8')
    expect(config).toContain("ISSUER = 'https://example.okta.com/oauth2/users'")
    expect(config).toContain("AUDIENCE = 'api://a\\'b'")
    expect(config).toContain("RESOURCE = 'https://orders.example'")
    expect(config).toContain("scopes: ['orders:read', 'orders:write']")
  })

  it('overwrites nothing, and writes nothing when one file is there', async () => {
    await using folder = await folderWith({ 'behalf.policy.ts': 'mine' })
    const { code, stderr } = await init([
      '--issuer',
      'https://example.okta.com',
      ...facts,
      '--dir',
      folder.path,
    ])
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/behalf\.policy\.ts exists already, so nothing was written/),
    ])
    expect(await readdir(folder.path)).toEqual(['behalf.policy.ts'])
  })

  it.each([
    [['--audience', 'a'], /--issuer is missing, and there is nobody to ask; --yes takes/],
    [['--issuer', 'http://example.com'], /--issuer must be the https URL/],
    [
      ['--issuer', 'https://example.com', ...facts, '--scope', 'a b'],
      /--scope must be one scope without blanks/,
    ],
  ])('refuses %j with exit code 2', async (args, sentence) => {
    await using folder = await folderWith({})
    const { code, stderr } = await init([...args, '--dir', folder.path])
    expect([code, stderr]).toEqual([2, expect.stringMatching(sentence)])
    expect(await readdir(folder.path)).toEqual([])
  })
})
