import type { Sandbox } from '@behalf/sandbox'
import { signIn } from '@behalf/sandbox/testing'
import { ManualClock } from '@behalf/testing'
import { decodeJwt } from 'jose'
import { describe, expect, test } from 'vitest'
import { createQuickSandbox } from './quick-sandbox.ts'

const redirectUri = 'http://127.0.0.1:3000/callback'
const verifier = 'a-code-verifier-of-the-least-permitted-length'

/** The claims of both tokens of a sign-in in the browser that the cookies are of. */
async function tokensOf(
  { url }: Sandbox,
  cookies: Map<string, string>,
  asked: Readonly<Record<string, string>> = {},
) {
  const client = { client_id: '0oaSpa00000000000001', redirect_uri: redirectUri }
  const query = new URLSearchParams({
    ...client,
    response_type: 'code',
    scope: 'openid',
    state: 's',
    code_challenge: 'bfoS07cdwgRXrcwGJDHLYh6UFtXC5oIRbuiGFOpl2G8',
    code_challenge_method: 'S256',
    ...asked,
  })
  const authorizationUrl = `${url}/oauth2/default/v1/authorize?${query}`
  const callback = await signIn({ authorizationUrl, login: 'alice@example.com', cookies })
  const response = await fetch(`${url}/oauth2/default/v1/token`, {
    method: 'POST',
    body: new URLSearchParams({
      ...client,
      grant_type: 'authorization_code',
      code: callback.searchParams.get('code') ?? '',
      code_verifier: verifier,
    }),
  })
  const tokens = Object(await response.json())
  return { access: decodeJwt(tokens.access_token), identity: decodeJwt(tokens.id_token) }
}

describe('acr_values', () => {
  test('is reached, and said in both tokens', async () => {
    await using sandbox = await createQuickSandbox()
    const { access, identity } = await tokensOf(sandbox, new Map(), {
      acr_values: 'urn:example:unknown urn:okta:loa:2fa:any phr',
    })
    expect(access).toMatchObject({ acr: 'urn:okta:loa:2fa:any' })
    expect(identity).toMatchObject({ acr: 'urn:okta:loa:2fa:any', amr: ['pwd', 'otp', 'mfa'] })
  })

  test('that nobody asked for is in no token', async () => {
    await using sandbox = await createQuickSandbox()
    const { access, identity } = await tokensOf(sandbox, new Map())
    expect([access, identity]).not.toContainEqual(expect.objectContaining({ acr: expect.anything() }))
    expect(identity).toMatchObject({ amr: ['pwd'] })
  })

  test('has somebody sign in again whose session is of another level, and nobody else', async () => {
    const clock = new ManualClock()
    await using sandbox = await createQuickSandbox({ clock })
    const browser = new Map<string, string>()
    const first = await tokensOf(sandbox, browser)
    clock.advance(60_000)
    const stepUp = { acr_values: 'phr' }
    const second = await tokensOf(sandbox, browser, stepUp)
    expect(second.access).toMatchObject({ acr: 'phr', auth_time: Number(first.access['auth_time']) + 60 })
    clock.advance(60_000)
    const third = await tokensOf(sandbox, browser, stepUp)
    expect(third.access).toMatchObject({ acr: 'phr', auth_time: second.access['auth_time'] })
  })
})

test('max_age has somebody sign in again whose session is older, by the clock of the org', async () => {
  const clock = new ManualClock()
  await using sandbox = await createQuickSandbox({ clock })
  const browser = new Map<string, string>()
  const { access } = await tokensOf(sandbox, browser)
  const signedInAt = Number(access['auth_time'])
  clock.advance(60_000)
  expect((await tokensOf(sandbox, browser, { max_age: '60' })).access['auth_time']).toBe(signedInAt)
  clock.advance(1_000)
  expect((await tokensOf(sandbox, browser, { max_age: '60' })).access['auth_time']).toBe(signedInAt + 61)
})
