import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { hookEvent, TestIssuer, userClaims } from '@behalf/testing'
import { expect, it } from 'vitest'

/** A function in a process in which nothing else keeps the event loop alive, as on Lambda. */
async function invoke(loadConfig: string, event: object, env: object = {}): Promise<string> {
  const program = `
    import { startLambda } from '@behalf/hook/lambda'
    const handler = await startLambda(${loadConfig}, { initTimeoutMs: 300, log: () => undefined })
    console.log((await handler(JSON.parse(process.env.EVENT))).body)`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    cwd: import.meta.dirname,
    env: { ...process.env, ...env, EVENT: JSON.stringify(event) },
  })
  return stdout
}

const post = (assertion: string) => ({
  requestContext: { http: { method: 'POST' } },
  headers: { authorization: 'hook-secret-0123456789' },
  body: JSON.stringify(hookEvent({ assertion })),
})

it('does not end before a policy that never answers is given up', async () => {
  await using issuer = await TestIssuer.start()
  const config = `() => ({
    authenticate: { secrets: ['hook-secret-0123456789'] },
    issuers: [{ issuer: process.env.ISSUER, audiences: ['api://a'] }],
    clients: 'any',
    policy: () => new Promise(() => undefined),
    limits: { policyTimeoutMs: 200 },
  })`
  const assertion = issuer.sign(userClaims(Math.floor(Date.now() / 1_000)))
  expect(await invoke(config, post(assertion), { ISSUER: issuer.issuer })).toContain('policy_unavailable: ')
})

it('does not end while it waits for a configuration that never comes', async () => {
  expect(await invoke('() => new Promise(() => undefined)', post('x'))).toContain('internal_error: ')
})
