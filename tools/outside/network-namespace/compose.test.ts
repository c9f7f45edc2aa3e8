import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SealingPair } from '@behalf/testing'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { root } from '../../workspace.ts'
import { withOutsider } from '../outsider.ts'
import { connectMachines, whyNotPermitted } from './namespaces.ts'

interface Service {
  readonly command: readonly string[]
  readonly environment: Readonly<Record<string, string>>
}

const behalf = [process.execPath, join(root, 'packages/cli/bin/behalf.js')]

/** The services as compose would start them that has this secret, a key to seal for and no other variable. */
function services(): Readonly<Record<'hook' | 'sandbox', Service>> {
  const text = readFileSync(join(root, 'compose.yaml'), 'utf8')
    .replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1')
    .replaceAll(/\$\{HOOK_SECRET:\?[^}]*\}/g, 'hook-secret-0123456789')
    .replaceAll(/\$\{SEALING_KEYS:\?[^}]*\}/g, `'${JSON.stringify(new SealingPair().jwk)}'`)
  return parse(text).services
}

withOutsider({ name: 'ip netns', debianPackage: 'iproute2', probe: ['ip', '-V'] }, () => {
  const why = whyNotPermitted()
  if (why !== undefined) console.warn(`SKIPPED: network namespaces are not permitted here: ${why}`)
  describe.skipIf(why !== undefined)('compose.yaml', () => {
    test('starts an org and a hook that find each other by name, and an exchange works', async () => {
      await using network = connectMachines()
      const { hook, sandbox } = services()
      await network.sandbox.start([...behalf, ...sandbox.command], /the sandbox listens/, sandbox.environment)
      await network.app.start([...behalf, ...hook.command], /the hook listens/, hook.environment)
      const exchange = [
        ...['exchange', '--issuer', 'http://sandbox:8090/oauth2/behalf', '--scope', 'orders:read'],
        ...['--sign-in', 'alice@example.com'],
      ]
      const done = await network.sandbox.run([...behalf, ...exchange], {
        CLIENT_ID: '0oaApiA0000000000001',
        CLIENT_SECRET: 'api-a-secret-for-the-sandbox-only',
        SEAL_JWKS_URI: 'http://hook:8080/.well-known/jwks.json',
        INSECURE_HOSTS: 'sandbox,hook',
      })
      expect(done.output).toMatch(/API B accepts it/)
      expect(done.code).toBe(0)
    })
  })
})
