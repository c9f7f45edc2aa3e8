import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { createSandbox } from '@behalf/sandbox'
import { beforeAll, expect, test } from 'vitest'
import { freePort } from '../../free-port.ts'
import { installOnDemand } from '../../on-demand.ts'
import { browse } from './browser.ts'

beforeAll(() => installOnDemand('tools/outside/sign-in-libraries'), 300_000)

const clientId = '0oaWeb00000000000001'
const clientSecret = 'a-secret-of-a-web-app-for-a-test'

/** Starts one of the apps; resolves when it listens. */
async function startApp(name: string, env: Readonly<Record<string, string>>): Promise<AsyncDisposable> {
  const file = fileURLToPath(new URL(`apps/${name}.mjs`, import.meta.url))
  const app = spawn(process.execPath, [file], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(app, 'close')
  await Promise.race([
    once(app.stdout, 'data'),
    ended.then(() => {
      throw new Error(`${name} ended before it listened`)
    }),
  ])
  return {
    async [Symbol.asyncDispose]() {
      app.kill()
      await ended
    },
  }
}

const apps = ['authjs', 'openid-client', 'passport', 'express-openid-connect', 'okta-oidc-middleware']

test.each(apps)('%s, unchanged, signs a person in at the sandbox', async (name) => {
  const origin = `http://127.0.0.1:${await freePort()}`
  await using sandbox = await createSandbox({
    users: [{ login: 'ann@example.com', name: 'Ann Lee', given_name: 'Ann', family_name: 'Lee' }],
    apps: [
      {
        clientId,
        type: 'web',
        auth: { method: 'client_secret_basic', clientSecret },
        redirectUris: [`${origin}/callback`, `${origin}/auth/callback/okta`],
      },
    ],
  })
  const issuer = `${sandbox.url}/oauth2/users`
  await using _app = await startApp(name, {
    ISSUER: issuer,
    CLIENT_ID: clientId,
    CLIENT_SECRET: clientSecret,
    ORIGIN: origin,
  })
  const { status, text } = await browse(`${origin}/me`, 'ann@example.com')
  expect([status, text]).toEqual([200, JSON.stringify({ name: 'Ann Lee' })])
})
