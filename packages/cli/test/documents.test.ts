import { spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { globSync, readFileSync } from 'node:fs'
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createHook, memoryRevocations } from '@behalf/hook'
import { eventHooks } from '@behalf/hook/events'
import { startNodeServer } from '@behalf/hook/node'
import { createSandbox, defaultOrg } from '@behalf/sandbox'
import { hookEvent, SealingPair } from '@behalf/testing'
import { describe, expect, it } from 'vitest'
import { commands } from '../src/commands.ts'
import { folderWith } from './behalf-process.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const bin = fileURLToPath(new URL('../bin/behalf.js', import.meta.url))
const secret = 'hook-secret-0123456789'
const notThere = 'http://127.0.0.1:9/inline-hook'
const [spa, apiA] = defaultOrg.apps
const apiASecret = 'api-a-secret-for-the-sandbox-only'
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const jwk = { ...publicKey.export({ format: 'jwk' }), kty: 'RSA', kid: 'key-1' }

/** What stands for a store that processes share. */
const aStore =
  '((kept) => ({ find: (user) => kept.get(user), raise: (user, at) => kept.set(user, at) }))(new Map())'

/** An org, a hook and a folder with what the examples name. */
async function stage(text: string) {
  let target: string | undefined
  const sandbox = await createSandbox({
    authorizationServers: defaultOrg.authorizationServers,
    users: [...defaultOrg.users, { login: 'ann@example.com' }],
    // What provision registers is not there yet.
    ...(/behalf provision/.test(text) ? {} : { hook: { uri: notThere, secret } }),
    apps: [
      spa,
      apiA,
      { clientId: '0oaApiA', type: 'service', auth: { method: 'private_key_jwt', keys: [jwk] } },
    ],
    apiTokens: ['an-api-token'],
    fetch: (url, init) => fetch(url === notThere ? (target ?? url) : url, init),
  })
  const issuer = sandbox.servers[0]?.issuer ?? ''
  const hook = await startNodeServer(
    createHook({
      authenticate: { secrets: [secret] },
      issuers: [{ issuer, audiences: ['api://a'], org: 'example' }],
      clients: 'any',
      revocation: {
        store: memoryRevocations(),
        whenUnavailable: 'deny',
        events: eventHooks({ org: 'example', secrets: [secret] }),
      },
      resources: { 'https://orders.example': { verifier: 'behalf' } },
    }),
    { drainDelayMs: 0 },
  )
  target = `${hook.origin}/inline-hook`
  const token = await sandbox.userToken({ login: 'alice@example.com', scopes: ['openid'] })
  const config = `import { cedar } from '@behalf/hook/cedar'
    export default {
      authenticate: { secrets: [process.env.HOOK_SECRET] },
      issuers: [{ issuer: '${issuer}', audiences: ['api://a'], org: 'example' }],
      clients: { '0oaApiA': { audiences: ['api://a'] } },
      ${/behalf revoke/.test(text) ? `revocation: { store: ${aStore}, whenUnavailable: 'deny' },` : ''}
      policy: cedar({ policies: 'policies' }),
    }`
  const now = new Date().toISOString()
  const sealing = new SealingPair()
  const sealedToken = sealing.seal({
    assertion: token,
    client_id: '0oaApiA',
    aud: issuer,
    iat: Math.floor(Date.now() / 1000),
    jti: 'used-once',
  })
  const event = { ...hookEvent({ assertion: token }), eventTime: now }
  const folder = await folderWith({
    'behalf.config.ts': config,
    'staging.config.ts': config,
    'sidecar.config.ts': `import { sidecarFromEnvironment } from '@behalf/sidecar'
      export default sidecarFromEnvironment({
        DELEGATION_ISSUER: '${sandbox.url}/oauth2/behalf',
        PROXY: 'nginx',
        API_AUDIENCE: 'https://orders.example',
      })`,
    'api-a.key': privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    'user-token.txt': token,
    'token.txt': token,
    'sealed.txt': sealedToken,
    // What makes the file does not write over one.
    ...(/behalf keys seal/.test(text)
      ? {}
      : { 'sealing-keys.json': JSON.stringify({ keys: [sealing.jwk] }) }),
    'okta-facts.json': '{ "version": 2, "facts": { "error-status": { "outcome": "403" } } }',
    'org.yaml': 'users: [{ login: bob@example.com }]',
    'event.json': JSON.stringify(event),
    'request.json': JSON.stringify(event),
    'okta-public.jwk': JSON.stringify(jwk),
  })
  for (const name of [
    'bin',
    'policies',
    'test/keys',
    '.zfunc',
    '.config/fish/completions',
    'new',
    'node_modules/@behalf',
  ])
    await mkdir(join(folder.path, name), { recursive: true })
  await symlink(join(root, 'examples'), join(folder.path, 'examples'))
  for (const name of ['hook', 'sidecar'])
    await symlink(join(root, 'packages', name), join(folder.path, 'node_modules/@behalf', name))
  await writeFile(join(folder.path, 'policies/a.cedar'), '@id("open") permit(principal, action, resource);')
  await writeFile(
    join(folder.path, 'policies/a.test.yaml'),
    'policy: { policies: a.cedar }\ncases: [{ name: one, expect: permit }]',
  )
  for (const [name, script] of [
    ['behalf', `exec '${process.execPath}' '${bin}' "$@"`],
    ['npx', 'exec "$@"'],
    ['pbpaste', 'cat token.txt'],
  ] as const) {
    await writeFile(join(folder.path, 'bin', name), `#!/bin/sh\n${script}\n`)
    await chmod(join(folder.path, 'bin', name), 0o755)
  }
  return {
    // A project is begun where there is none.
    folder: /behalf init/.test(text) ? join(folder.path, 'new') : folder.path,
    /** The shell's text with what is there in place of what an example has to make up. */
    here: text
      .replaceAll('api://orders', 'api://a')
      .replaceAll(/--at \S+/g, `--at ${now}`)
      .replaceAll(/https:\/\/example\.okta\.com|http:\/\/127\.0\.0\.1:8090/g, sandbox.url)
      .replaceAll(
        /https:\/\/hook\.example\.com(?=\/(?:inline|event)-hook)|http:\/\/127\.0\.0\.1:8080/g,
        hook.origin,
      )
      .replaceAll(
        'CLIENT_ID=0oaApiA CLIENT_SECRET=…',
        `CLIENT_ID=${apiA.clientId} CLIENT_SECRET=${apiASecret}`,
      )
      .replaceAll('CLIENT_ID=… CLIENT_SECRET=…', `CLIENT_ID=${apiA.clientId} CLIENT_SECRET=${apiASecret}`)
      .replaceAll('HOOK_SECRET=…', `HOOK_SECRET=${secret}`)
      .replaceAll('OKTA_API_TOKEN=…', 'OKTA_API_TOKEN=an-api-token')
      .replaceAll('CLIENT_KEY_FILE=api-a.pem', 'CLIENT_KEY_FILE=api-a.key CLIENT_KEY_ID=key-1')
      .replaceAll(/--(metrics-)?port \d+/g, '--$1port 0')
      .replaceAll(/behalf (serve|sandbox|sidecar)(?!.*--port)/g, 'behalf $1 --port 0')
      .replaceAll(/behalf dev(?!.*--port)/g, 'behalf dev --port 0')
      .replaceAll('behalf dev', 'behalf dev --sandbox-port 0')
      .replaceAll(/behalf (fault|token) ([^#|\n]*)/g, `behalf $1 $2 --sandbox ${sandbox.url} `),
    env: {
      PATH: `${join(folder.path, 'bin')}:${process.env['PATH'] ?? ''}`,
      HOME: folder.path,
      OKTA_ORG_URL: sandbox.url,
      OKTA_API_TOKEN: 'an-api-token',
      // The sidecar's environment is its whole configuration.
      ...(/behalf sidecar/.test(text) ? {} : { CLIENT_ID: apiA.clientId }),
      // A client authenticates in one way.
      ...(/CLIENT_KEY_FILE|behalf sidecar/.test(text) ? {} : { CLIENT_SECRET: apiASecret }),
      HOOK_SECRET: secret,
      EVENT_HOOK_SECRET: secret,
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([hook.stop(), sandbox.close()])
      await folder[Symbol.asyncDispose]()
    },
  }
}

/** Runs a piece of shell; what runs on is stopped once it says that it is up. */
async function run(text: string): Promise<{ code: number | null; output: string }> {
  await using place = await stage(text)
  // The variables of the org are for what needs them and for nothing else: they would change what others do.
  const asks = /behalf (fault|provision|revoke|token|watch)/.test(text)
  const { OKTA_ORG_URL, OKTA_API_TOKEN, ...others } = place.env
  const env = asks ? { ...others, OKTA_ORG_URL, OKTA_API_TOKEN } : others
  const shell = spawn('bash', ['-euc', place.here], {
    cwd: place.folder,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [shell.stdout, shell.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      if (
        /listens on|metrics at|ready; each exchange|passed, \d+ failed\n.*$/.test(output) &&
        runsOn(text) &&
        shell.pid
      )
        process.kill(-shell.pid, 'SIGTERM')
    })
  const [code] = await once(shell, 'close')
  return { code, output }
}

const runsOn = (text: string): boolean =>
  /behalf (serve|sandbox|sidecar|dev)|(?<!# )--watch|--every/.test(text)

/** What ends otherwise than with 0, and is meant to. */
function codesOf(text: string): readonly (number | null)[] {
  if (/behalf provision(?!.*--(yes|print))/.test(text)) return [3]
  if (/hook-unreachable/.test(text)) return [1]
  // The shell ends by the signal, too.
  return runsOn(text) ? [0, null, 143] : [0]
}

async function expectToWork(text: string): Promise<void> {
  const { code, output } = await run(text)
  if (!codesOf(text).includes(code)) expect([text, code, output]).toBe('something that works')
}

const usages = commands.flatMap((entry) =>
  'members' in entry ? entry.members.map(({ usage }) => usage) : [entry.usage],
)

/** Examples that need a person, or more than an org on this machine. */
const notRunnable: ReadonlySet<string> = new Set(
  usages
    .filter(({ name }) => name === 'probe')
    .flatMap(({ examples }) => examples)
    .concat('behalf init'),
)

// Each starts an org and a process.
describe('the examples of help', { timeout: 60_000 }, () => {
  const examples = usages.flatMap(({ examples: some }) => some).filter((example) => !notRunnable.has(example))
  it.concurrent.each(examples)('%s', expectToWork)
})

describe('the shell blocks of the documents', { timeout: 60_000 }, () => {
  const documents = ['README.md', 'docs/*.md', 'packages/*/README.md', 'examples/**/README.md'].flatMap(
    // What an example has installed is not ours to run.
    (pattern) => globSync(pattern, { cwd: root, exclude: ['**/node_modules/**'] }).toSorted(),
  )
  const blocks = documents.flatMap((file) =>
    [
      ...readFileSync(join(root, file), 'utf8').matchAll(/^```(sh|console)( not-run)?\n([\s\S]*?)^```$/gm),
    ].map(([, kind, mark, text = '']) => ({
      file,
      isRun: mark === undefined,
      text: kind === 'sh' ? text : [...text.matchAll(/^\$ (.*)$/gm)].map(([, command]) => command).join('\n'),
    })),
  )

  it('say what they are: to be run, or not', () => {
    // Installing, deploying, proxies, and an org that asks back need more than this machine; the examples take ports of their own.
    expect([...new Set(blocks.flatMap(({ file, isRun }) => (isRun ? [] : [file])))]).toEqual([
      'README.md',
      'docs/container.md',
      'docs/deploy-aws.md',
      'docs/kubernetes.md',
      'docs/mcp.md',
      'docs/networks.md',
      'docs/other-hooks.md',
      'docs/probing.md',
      'docs/sidecar.md',
      'docs/telemetry.md',
      'docs/terraform.md',
      'packages/client/README.md',
      'packages/verify/README.md',
      'examples/README.md',
    ])
    expect(blocks.filter(({ isRun, text }) => isRun && text !== '' && !/\bbehalf /.test(text))).toEqual([])
  })

  const pieces = blocks.filter(({ isRun, text }) => isRun && text !== '')
  it.concurrent.each(pieces.map(({ file, text }) => [file, text] as const))('of %s: %s', (_, text) =>
    expectToWork(text),
  )
})
