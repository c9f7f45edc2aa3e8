import { createHook } from '@behalf/hook'
import { startNodeServer } from '@behalf/hook/node'
import { sealed } from '@behalf/hook/sealing'
import { listen, SealingPair } from '@behalf/testing'
import { describe, expect, it } from 'vitest'
import { diagnose } from './diagnosis.ts'

const HOOK_SECRET = 'hook-secret-0123456789'
const pair = new SealingPair('seal-1')
const { d: _, ...publicHalf } = pair.jwk
const client = { CLIENT_ID: '0oaApiA', CLIENT_SECRET: 'a-secret-of-an-app' }

async function startHook(sealing?: ReturnType<typeof sealed>) {
  const hook = createHook({
    authenticate: { secrets: [HOOK_SECRET] },
    issuers: [{ issuer: 'https://example.okta.com/oauth2/users', audiences: ['api://a'] }],
    clients: 'any',
    ...(sealing === undefined ? {} : { sealing }),
  })
  const server = await startNodeServer(hook, { drainDelayMs: 0 })
  return {
    url: `${server.origin}/inline-hook`,
    jwksUri: `${server.origin}/.well-known/jwks.json`,
    [Symbol.asyncDispose]: () => server.stop(),
  }
}

/** Somebody else's hook behind a gateway: it publishes this, and denies what it is asked with this code. */
function startOther(keys: unknown, code = 'seal_required') {
  return listen((request, response) => {
    const isKeys = request.url === '/stage/.well-known/jwks.json'
    const error = { error: { errorSummary: `${code}: x` } }
    response.writeHead(isKeys && keys === undefined ? 404 : 200).end(JSON.stringify(isKeys ? keys : error))
  })
}

describe('behalf doctor on sealing', () => {
  it('is content with a hook that takes sealed tokens only', async () => {
    await using hook = await startHook(sealed({ keys: pair.jwk }))
    const { find } = await diagnose(['--hook', hook.url], { HOOK_SECRET })
    expect(find('keys to seal for')).toMatchObject({ status: 'ok', detail: 'clients seal for seal-1' })
    expect(find('hook and bare tokens')).toMatchObject({
      status: 'ok',
      detail: expect.stringMatching(/denied/),
    })
  })

  it('warns of one that knows no seals, and says what that means', async () => {
    await using hook = await startHook()
    const { code, find } = await diagnose(['--hook', hook.url], { HOOK_SECRET })
    expect(find('keys to seal for')).toMatchObject({
      status: 'warning',
      detail: expect.stringMatching(/answered 404: without sealing users' tokens stand in URLs .*Okta's log/),
      remedy: expect.stringMatching(/behalf keys seal/),
    })
    expect(find('hook and bare tokens')).toMatchObject({
      status: 'warning',
      detail: expect.stringMatching(/^it takes them: .*Okta's log/),
    })
    expect(code).toBe(0)
  })

  it('warns of one that takes bare tokens, too, and cannot tell without the secret', async () => {
    await using hook = await startHook(sealed({ keys: pair.jwk, required: false }))
    const { find } = await diagnose(['--hook', hook.url], { HOOK_SECRET })
    expect(find('keys to seal for')?.status).toBe('ok')
    expect(find('hook and bare tokens')).toMatchObject({
      status: 'warning',
      remedy: expect.stringMatching(/SEALING_REQUIRED/),
    })
    expect((await diagnose(['--hook', hook.url])).find('hook and bare tokens')?.status).toBe('skipped')
  })

  it.each([
    ['a usable key, behind a path', { keys: [{ ...publicHalf, use: 'enc' }] }, 'ok', /seal-1/],
    ['none', undefined, 'warning', /answered 404/],
    ['signature keys only', { keys: [{ ...publicHalf, use: 'sig' }] }, 'failure', /none is a usable key/],
    ['no set', [], 'failure', /none is a usable key/],
    [
      'a point off the curve',
      { keys: [{ ...publicHalf, y: publicHalf.x, use: 'enc' }] },
      'failure',
      /none is/,
    ],
    ['a private half', { keys: [{ ...pair.jwk, use: 'enc' }] }, 'failure', /a private half is published/],
  ] as const)('judges %s', async (_name, keys, status, detail) => {
    await using hook = await startOther(keys)
    const { find, findings } = await diagnose(['--hook', `${hook.origin}/stage/inline-hook`], { HOOK_SECRET })
    expect(find('keys to seal for')).toMatchObject({ status, detail: expect.stringMatching(detail) })
    expect(JSON.stringify(findings)).not.toContain(pair.jwk.d)
  })

  it('asks where SEAL_JWKS_URI says, which then has to answer', async () => {
    await using hook = await startHook(sealed({ keys: pair.jwk }))
    await using elsewhere = await startOther(undefined)
    const at = (SEAL_JWKS_URI: string) =>
      diagnose(['--hook', hook.url], { HOOK_SECRET, ...client, SEAL_JWKS_URI })
    expect((await at(hook.jwksUri)).find('keys to seal for')?.status).toBe('ok')
    const { code, find } = await at(`${elsewhere.origin}/stage/.well-known/jwks.json`)
    expect(code).toBe(1)
    expect(find('keys to seal for')).toMatchObject({
      status: 'failure',
      detail: expect.stringMatching(/SEAL_JWKS_URI answered 404, so API A can exchange nothing/),
    })
  })

  it('does not judge by an answer that shows nothing', async () => {
    await using hook = await startOther(undefined, 'caller_unauthenticated')
    const { find } = await diagnose(['--hook', `${hook.origin}/stage/inline-hook`], { HOOK_SECRET })
    expect(find('hook and bare tokens')?.status).toBe('skipped')
  })
})
