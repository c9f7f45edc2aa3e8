import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { chmod, mkdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { freePort } from '../../../tools/free-port.ts'
import { BehalfProcess, folderWith } from './behalf-process.ts'

const bin = fileURLToPath(new URL('../bin/behalf.js', import.meta.url))
const readme = readFileSync(new URL('../../sandbox/README.md', import.meta.url), 'utf8')
const [, seedOfReadme = ''] = /```yaml\n([\s\S]*?)```/.exec(readme) ?? []
const web = `{ clientId: 0oaWeb, type: web, redirectUris: ['https://shop.example/callback'], auth: { method: client_secret_basic, clientSecret: web-secret-for-tests } }`
const people = '{ name: People, grantTypes: [authorization_code] }'

/** The org as a seed has it, and what calls the hook. */
const seeds: Readonly<Record<string, { readonly seed: string; readonly args?: readonly string[] }>> = {
  'none at all': { seed: '', args: ['--hook', 'http://127.0.0.1:8080/inline-hook'] },
  'that of the README': { seed: seedOfReadme },
  'a web app alone, a hook by id with a header of its own, servers in another order, a policy for one client':
    {
      seed: `
authorizationServers:
  - id: delegation
    audience: https://nobody.invalid
    scopes: [other:read, orders:read]
    policies:
      - name: For one
        clients: [0oaSecond]
        rules: [{ name: Machines, grantTypes: [client_credentials], scopes: [orders:read], inlineHook: mine }]
  - id: staff
    audience: api://staff
    policies: [{ name: Sign-in, clients: [0oaWeb], rules: [${people}] }]
inlineHooks:
  - { id: mine, uri: 'http://127.0.0.1:8080/inline-hook', auth: { header: X-Hook, secret: "the hook's $ecret 0123456789" } }
users: [{ login: "o'neil@example.com" }]
apps:
  - { clientId: 0oaFirst, type: service, auth: { method: client_secret_basic, clientSecret: first-secret } }
  - { clientId: 0oaSecond, type: service, auth: { method: client_secret_post, clientSecret: "it's a $ecret & more" } }
  - ${web}`,
    },
  'where people sign in first at the server that delegates': {
    seed: `
authorizationServers:
  - id: all
    audience: https://undelegated.invalid
    scopes: [orders:read]
    policies: [{ name: All, rules: [${people}, { name: Machines, grantTypes: [client_credentials], accessTokenLifetimeSeconds: 300 }] }]
  - { id: users, audience: api://a, policies: [{ name: Sign-in, rules: [${people}] }] }
hook: { uri: 'http://127.0.0.1:8080/inline-hook', secret: hook-secret-0123456789 }`,
  },
  'with names that a shell, a form or a command line would take apart': {
    seed: `
authorizationServers:
  - id: -odd_
    audience: https://undelegated.invalid
    scopes: ['-a&b+c%d']
    policies: [{ name: Machines, rules: [{ name: Machines, grantTypes: [client_credentials] }] }]
  - { id: staff, audience: "api://$HOME 'a'", policies: [{ name: Sign-in, rules: [${people}] }] }
users: [{ login: "-o'neil $x@example.com" }]
apps:
  - { clientId: 'api a:1+2', type: service, auth: { method: client_secret_basic, clientSecret: "50%41+1: it's a \\"secret\\"" } }
  - ${web}
hook: { uri: 'http://127.0.0.1:8080/inline-hook', header: X-Hook, secret: '-50% $ecret 0123456789' }`,
  },
  'over TLS': { seed: '', args: ['--tls', '--hook', 'http://127.0.0.1:8080/inline-hook'] },
}

/** The commands after "Try it", each with what is said about it. */
function commandsOf(printed: readonly string[]): readonly string[] {
  const from = printed.indexOf('Try it')
  return printed.slice(from + 1).filter((line) => /^ {2}[^# ]/.test(line))
}

/** Runs a command as a shell would that has it from a terminal. */
async function inShell(command: string, path: string, cwd: string) {
  const env = { PATH: `${path}:${process.env['PATH']}` }
  const child = spawn('/bin/sh', ['-c', command], { cwd, env })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      output += text
    })
  const [code] = await once(child, 'close')
  return { code, output }
}

// A dozen processes, one after the other.
const timeoutMs = 90_000

describe.each(Object.keys(seeds))('every command that the sandbox prints works with a seed: %s', (name) => {
  it(
    'as it is copied',
    async () => {
      const { seed, args = [] } = seeds[name] ?? { seed: '' }
      const hookPort = await freePort()
      const own = (text: string): string => text.replaceAll(':8080/', `:${hookPort}/`)
      await using folder = await folderWith({ 'org.yaml': own(seed) })
      const tools = join(folder.path, 'tools')
      await mkdir(tools)
      await writeFile(join(tools, 'npx'), `#!/bin/sh\nshift\nexec '${process.execPath}' '${bin}' "$@"\n`)
      await chmod(join(tools, 'npx'), 0o755)
      const given = ['sandbox', '--port', '0', '--seed', 'org.yaml', ...args.map(own)]
      await using sandbox = new BehalfProcess(given, {
        cwd: folder.path,
        env: { XDG_DATA_HOME: folder.path },
      })
      await sandbox.line(/the sandbox listens on/)
      const commands = commandsOf(sandbox.stdout)
      expect(commands.map((command) => /npx behalf \w+|curl/.exec(command)?.[0])).toEqual([
        'curl',
        'npx behalf token',
        'npx behalf keys',
        'npx behalf serve',
        'npx behalf exchange',
        'npx behalf fault',
      ])
      const [curl = '', token = '', keys = '', serve = '', exchange = '', fault = ''] = commands
      expect(await inShell(keys, tools, folder.path)).toMatchObject({ code: 0 })
      const serving = spawn('/bin/sh', ['-c', `exec ${serve.trim().replace(/^((?:\w+=\S+ )*)/, 'env $1')}`], {
        cwd: folder.path,
        env: { PATH: `${tools}:${process.env['PATH']}` },
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const served = once(serving, 'close')
      try {
        await once(serving.stdout, 'data')
        expect(await inShell(token, tools, folder.path)).toMatchObject({
          code: 0,
          output: expect.stringMatching(/^eyJ/),
        })
        const exchanged = await inShell(exchange, tools, folder.path)
        expect(exchanged.output).toContain('a delegated token was issued')
        expect(exchanged).toMatchObject({ code: 0, output: expect.stringMatching(/API B accepts it/) })
        expect(exchanged.output).toContain("the user's token travelled sealed")
        const asked = await inShell(curl, tools, folder.path)
        // The hook is asked for a machine that acts for nobody, and refuses.
        expect(asked.output).toMatch(/assertion_missing/)
        expect(await inShell(fault, tools, folder.path)).toMatchObject({
          code: 0,
          output: expect.stringMatching(/in force/),
        })
      } finally {
        serving.kill()
        await served
      }
    },
    timeoutMs,
  )
})

describe('behalf sandbox --tls', () => {
  it('makes its authority once, the key for its owner only, and says where it is', async () => {
    await using folder = await folderWith({})
    const printed: string[] = []
    for (let run = 0; run < 2; run++) {
      await using sandbox = new BehalfProcess(['sandbox', '--port', '0', '--tls', '--ca', 'authority'], {
        cwd: folder.path,
      })
      expect(await sandbox.line(/the sandbox listens on/)).toMatch(/https:\/\/127\.0\.0\.1:\d+$/)
      printed.push(readFileSync(join(folder.path, 'authority', 'ca.pem'), 'utf8'))
      expect(sandbox.stdout).toContain(`  NODE_EXTRA_CA_CERTS=${join(folder.path, 'authority', 'ca.pem')}`)
      expect(sandbox.stdout.join('\n')).not.toContain('PRIVATE KEY')
    }
    expect(printed[1]).toBe(printed[0])
    expect((await stat(join(folder.path, 'authority', 'ca-key.pem'))).mode & 0o777).toBe(0o600)
  })

  it('refuses a folder with half of an authority, and --ca without --tls', async () => {
    await using folder = await folderWith({ 'ca.pem': 'x' })
    await using half = new BehalfProcess(['sandbox', '--port', '0', '--tls', '--ca', folder.path])
    expect([await half.exitCode(), half.stderr.join()]).toEqual([
      2,
      expect.stringMatching(/ca\.pem without ca-key\.pem; delete it/),
    ])
    await using alone = new BehalfProcess(['sandbox', '--port', '0', '--ca', folder.path])
    expect([await alone.exitCode(), alone.stderr.join()]).toEqual([2, expect.stringMatching(/needs --tls/)])
  })
})
