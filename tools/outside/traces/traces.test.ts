import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { systemClock } from '@behalf/core'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import {
  apiA,
  orders,
  type SealedWorld,
  secretOf,
  startSealedWorld,
} from '../../../packages/client/test/support/sealed-world.ts'
import { installOnDemand } from '../../on-demand.ts'
import { startNginx } from '../nginx/nginx.ts'
import { withOutsider } from '../outsider.ts'
import { keysOf, tokensIn } from './tokens-in.ts'

beforeAll(() => installOnDemand('tools/outside/traces'), 180_000)

const run = promisify(execFile)

/** Lets API A serve its caller through nginx, once with each library; returns what everybody kept, by who did. */
async function serve(world: SealedWorld, seal: boolean): Promise<Readonly<Record<string, string>>> {
  const { issuers, okta } = world
  const nginx = await startNginx('../traces/proxy.conf', { okta: new URL(okta.url).host })
  onTestFinished(() => nginx[Symbol.asyncDispose]())
  const kept: Record<string, string> = {}
  for (const library of ['opentelemetry', 'sentry']) {
    const { stdout, stderr } = await run(
      process.execPath,
      [fileURLToPath(new URL(`apps/${library}.mjs`, import.meta.url))],
      {
        env: {
          ...process.env,
          ISSUER: issuers.delegation,
          TOKEN_ENDPOINT: `${nginx.origin}${new URL(issuers.delegation).pathname}/v1/token`,
          CLIENT_ID: apiA,
          CLIENT_SECRET: secretOf(apiA),
          ...(seal ? { SEAL_JWKS_URI: world.jwksUri } : {}),
          RESOURCE: orders,
          ASSERTION: await world.userToken(),
        },
      },
    )
    expect(JSON.parse(stdout).code).toBe('scope_not_permitted')
    kept[library] = stdout
    kept[`${library}: standard error`] = stderr
  }
  return {
    ...kept,
    nginx: readFileSync(join(nginx.folder, 'access.log'), 'utf8'),
    'System Log': JSON.stringify(okta.systemLog.events()),
    'log of the hook': world.decisions.map((record) => JSON.stringify(record)).join('\n'),
  }
}

withOutsider({ name: 'nginx', debianPackage: 'nginx', probe: ['nginx', '-v'] }, () => {
  const keepers = ['opentelemetry', 'sentry', 'nginx', 'System Log']

  test('bare, everybody who writes down URLs has the token of the user', async () => {
    const world = await startSealedWorld(false, systemClock)
    const keys = [keysOf(world.issuers.users), keysOf(world.issuers.delegation)]
    const kept = await serve(world, false)
    const found = await Promise.all(
      Object.entries(kept).map(async ([who, text]) => ((await tokensIn(text, keys)).length > 0 ? [who] : [])),
    )
    expect(found.flat()).toEqual(keepers)
  })

  test('sealed, nobody has', async () => {
    const world = await startSealedWorld(true, systemClock)
    const keys = [keysOf(world.issuers.users), keysOf(world.issuers.delegation)]
    const kept = await serve(world, true)
    for (const [who, text] of Object.entries(kept)) {
      expect([who, await tokensIn(text, keys)]).toEqual([who, []])
      // It was written down what travelled.
      if (keepers.includes(who)) expect(text).toMatch(/assertion=[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+/)
    }
  })
})
