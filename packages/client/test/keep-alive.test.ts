import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { startFixture } from './support/fixture.ts'

/** A program that does nothing but acquire a token. */
async function run(options: string, assertion: string): Promise<string> {
  const program = `
    import { clientSecretBasic, createClient } from '@behalf/client'
    const client = createClient({
      issuer: 'http://127.0.0.1:1/oauth2/default', tokenEndpoint: 'http://127.0.0.1:1/token',
      clientId: '0oaApiA', auth: clientSecretBasic('secret'), onWarning: () => undefined, ${options}
    })
    async function main() {
      await client.acquireToken({ assertion: process.env.ASSERTION, scopes: [] })
        .catch((error) => console.log(error.code))
    }
    void main()`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    cwd: import.meta.dirname,
    env: { ...process.env, ASSERTION: assertion },
  })
  return stdout
}

test.each([
  ['between two attempts', ''],
  [
    'while a store hangs',
    `cache: { storeTimeoutMs: 50, store: {
      get: () => new Promise(() => undefined), set: async () => undefined, delete: async () => undefined } }`,
  ],
])('the process does not end %s', async (_, options) => {
  const { server, clock } = await startFixture()
  const exp = Math.floor(Date.now() / 1_000) + 3_600
  expect(clock.seconds).toBeLessThan(exp)
  expect(await run(options, server.userToken({ exp }))).toBe('token_request_failed\n')
})
