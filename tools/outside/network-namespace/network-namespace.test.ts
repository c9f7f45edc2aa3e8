import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { withOutsider } from '../outsider.ts'
import { connectMachines, type Network, whyNotPermitted } from './namespaces.ts'

const node = process.execPath
const behalf = [node, fileURLToPath(new URL('../../../packages/cli/bin/behalf.js', import.meta.url))]
const app = [node, fileURLToPath(new URL('app.ts', import.meta.url))]
const secret = 'hook-secret-0123456789'
const folder = mkdtempSync(join(tmpdir(), 'behalf-ca-'))
const certificate = join(folder, 'ca.pem')
afterAll(() => rmSync(folder, { recursive: true }))

const orgs = [
  {
    name: 'over plain http, which each is told by the one switch',
    origin: 'http://sandbox:8090',
    args: [],
    env: { INSECURE_HOSTS: 'sandbox' },
    without: { app: /insecureHosts/, exchange: /INSECURE_HOSTS/, serve: /INSECURE_HOSTS/ },
  },
  {
    name: 'over TLS, to whoever trusts its authority',
    origin: 'https://sandbox:8090',
    args: ['--tls', '--ca', folder],
    env: { NODE_EXTRA_CA_CERTS: certificate },
    without: {
      app: /UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER_CERT/,
      exchange: /works with a sandbox only/,
      serve: undefined,
    },
  },
] as const

withOutsider({ name: 'ip netns', debianPackage: 'iproute2', probe: ['ip', '-V'] }, () => {
  const why = whyNotPermitted()
  if (why !== undefined) console.warn(`SKIPPED: network namespaces are not permitted here: ${why}`)
  describe.skipIf(why !== undefined).each(orgs)(
    'an app on another machine uses the sandbox by name: $name',
    ({ origin, args, env, without }) => {
      let network: Network
      const serving = {
        ISSUER: `${origin}/oauth2/users`,
        AUDIENCE: 'api://a',
        RESOURCE: 'https://orders.example',
        RESOURCE_VERIFIER: 'behalf',
        HOOK_SECRET: secret,
      }
      const credentials = {
        CLIENT_ID: '0oaApiA0000000000001',
        CLIENT_SECRET: 'api-a-secret-for-the-sandbox-only',
      }
      const exchange = [
        ...['exchange', '--issuer', `${origin}/oauth2/behalf`],
        ...['--scope', 'orders:read', '--sign-in', 'alice@example.com'],
      ]
      beforeAll(async () => {
        network = connectMachines()
        const hook = ['--hook', 'http://app:8080/inline-hook', '--hook-secret', secret]
        const place = ['--host', '0.0.0.0', '--port', '8090', '--base-url', origin]
        await network.sandbox.start([...behalf, 'sandbox', ...place, ...hook, ...args], /the sandbox listens/)
        await network.app.start(
          [...behalf, 'serve', '--host', '0.0.0.0', '--port', '8080'],
          /the hook listens/,
          { ...serving, ...env },
        )
      }, 60_000)
      afterAll(() => network[Symbol.asyncDispose]())

      test('a user signs in, the hook is called, and API B accepts the token', async () => {
        expect(await network.app.run(app, { ORG: origin, ...env })).toEqual({
          code: 0,
          output: '0oaApiA0000000000001 for alice@example.com\n',
        })
      })

      test('the command line does the same', async () => {
        const done = await network.app.run([...behalf, ...exchange], { ...credentials, ...env })
        expect(done.output).toMatch(/API B accepts it/)
        expect(done.code).toBe(0)
        const asked = ['token', 'alice@example.com', '--sandbox', origin]
        expect((await network.app.run([...behalf, ...asked], env)).output).toMatch(/^eyJ/)
      })

      test('nobody trusts it who was not told to', async () => {
        const bare = await network.app.run(app, { ORG: origin })
        expect([bare.code, bare.output]).toEqual([1, expect.stringMatching(without.app)])
        const refused = await network.app.run([...behalf, ...exchange], credentials)
        expect([refused.code, refused.output]).toEqual([2, expect.stringMatching(without.exchange)])
        if (without.serve === undefined) return
        const served = await network.app.run([...behalf, 'serve', '--port', '0'], serving)
        expect([served.code, served.output]).toEqual([2, expect.stringMatching(without.serve)])
      })

      test('it answers by its name and its address, and no other name', async () => {
        const health = (url: string, ...more: readonly string[]) =>
          network.app.run([...[node, '--input-type=module', '-e', asker, url], ...more], env)
        const { port } = new URL(origin)
        expect((await health(`${origin}/healthz`)).output).toBe('200')
        expect((await health(`${origin}/healthz`, `10.77.0.1:${port}`)).output).toBe('200')
        expect((await health(`${origin}/healthz`, 'localhost')).output).toBe('200')
        expect((await health(`${origin}/healthz`, 'app')).output).toBe('403')
        expect((await health(`${origin}/healthz`, '10.77.0.2')).output).toBe('403')
      })
    },
  )
})

/** `fetch` would not send a `Host` of one's own. */
const asker = `
const [url, host] = process.argv.slice(1)
const { get } = await import(url.startsWith('https') ? 'node:https' : 'node:http')
const { hostname } = new URL(url)
get(url, { servername: hostname, headers: host ? { host } : {} }, (answer) => {
  answer.resume()
  process.stdout.write(String(answer.statusCode))
})`
