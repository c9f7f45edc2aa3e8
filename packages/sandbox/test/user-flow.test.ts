import type { Sandbox } from '@behalf/sandbox'
import { signIn } from '@behalf/sandbox/testing'
import { decodeJwt } from 'jose'
import { expect, test } from 'vitest'
import { json, listenAsHook } from './hook-server.ts'
import { basic, requestMachineToken } from './machine-token.ts'
import { createQuickSandbox } from './quick-sandbox.ts'

const clientId = '0oaSpa00000000000001'
const redirectUri = 'http://127.0.0.1:3000/callback'
const verifier = 'a-code-verifier-of-the-least-permitted-length'
const challenge = 'bfoS07cdwgRXrcwGJDHLYh6UFtXC5oIRbuiGFOpl2G8'

const authorizationUrl = (sandbox: Sandbox, parameters: Record<string, string> = {}): string =>
  `${sandbox.url}/oauth2/default/v1/authorize?${new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'openid profile orders:read',
    state: 's',
    nonce: 'n',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...parameters,
  })}`

async function redeem(
  sandbox: Sandbox,
  code: string,
  codeVerifier = verifier,
): Promise<Record<string, unknown>> {
  const response = await fetch(`${sandbox.url}/oauth2/default/v1/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: clientId,
      redirect_uri: redirectUri,
      code_verifier: codeVerifier,
      code,
    }),
  })
  return Object(await response.json())
}

async function signInAndRedeem(sandbox: Sandbox): Promise<Record<string, unknown>> {
  const callback = await signIn({ authorizationUrl: authorizationUrl(sandbox), login: 'alice@example.com' })
  return redeem(sandbox, callback.searchParams.get('code') ?? '')
}

const allGrants = (inlineHook: string) => ({
  authorizationServers: [
    {
      id: 'default',
      scopes: ['orders:read'],
      accessTokenClaims: ['department'],
      policies: [{ name: 'p', rules: [{ name: 'r', inlineHook }] }],
    },
  ],
  users: [{ id: '00u1', login: 'alice@example.com', given_name: 'Alice', department: 'sales' }],
})

test('the hook sees session, user and ID token of a sign-in, and may change both tokens', async () => {
  await using hook = await listenAsHook(
    json({
      commands: [
        { type: 'com.okta.identity.patch', value: [{ op: 'add', path: '/claims/dept', value: 'it' }] },
        {
          type: 'com.okta.access.patch',
          value: [{ op: 'replace', path: '/claims/department', value: 'it' }],
        },
      ],
    }),
  )
  await using sandbox = await createQuickSandbox({
    ...allGrants('h'),
    inlineHooks: [{ id: 'h', uri: hook.uri, auth: { secret: 'hook-secret-0123456789' } }],
  })
  const tokens = await signInAndRedeem(sandbox)
  expect(decodeJwt(String(tokens['id_token']))).toMatchObject({
    sub: '00u1',
    dept: 'it',
    nonce: 'n',
    aud: clientId,
  })
  expect(decodeJwt(String(tokens['access_token']))).toMatchObject({
    sub: 'alice@example.com',
    department: 'it',
  })

  expect(hook.calls).toHaveLength(1)
  expect(hook.calls[0]?.body['data']).toMatchObject({
    context: {
      session: { userId: '00u1', login: 'alice@example.com', status: 'ACTIVE' },
      user: { id: '00u1', profile: { login: 'alice@example.com', firstName: 'Alice' } },
      protocol: {
        request: { grant_type: 'authorization_code', client_id: clientId, redirect_uri: redirectUri },
        client: { id: clientId, type: 'PUBLIC' },
      },
    },
    identity: { claims: { sub: '00u1', aud: clientId }, token: { lifetime: { expiration: 3600 } } },
    access: { claims: { uid: '00u1', department: 'sales' }, scopes: { openid: { action: 'GRANT' } } },
  })
  expect(JSON.stringify(hook.calls[0]?.body)).not.toContain(verifier)
})

test('an error object refuses a sign-in as well', async () => {
  await using hook = await listenAsHook(json({ error: { errorSummary: 'not today' } }))
  await using sandbox = await createQuickSandbox({
    ...allGrants('h'),
    inlineHooks: [{ id: 'h', uri: hook.uri, auth: { secret: 'hook-secret-0123456789' } }],
  })
  expect(await signInAndRedeem(sandbox)).toEqual({ error: 'server_error', error_description: 'not today' })
})

test('a code is for its verifier only, and for one use', async () => {
  await using sandbox = await createQuickSandbox()
  const login = 'alice@example.com'
  const stolen = await signIn({ authorizationUrl: authorizationUrl(sandbox), login })
  const wrong = await redeem(sandbox, stolen.searchParams.get('code') ?? '', `${verifier}x`)
  expect(wrong['error']).toBe('invalid_grant')
  const callback = await signIn({ authorizationUrl: authorizationUrl(sandbox), login })
  const code = callback.searchParams.get('code') ?? ''
  expect(await redeem(sandbox, code)).toHaveProperty('access_token')
  expect((await redeem(sandbox, code))['error']).toBe('invalid_grant')
})

test('faults of the request come back to the app; what must not be redirected is not', async () => {
  await using sandbox = await createQuickSandbox()
  const outcome = async (parameters: Record<string, string>) => {
    const login = 'alice@example.com'
    return signIn({ authorizationUrl: authorizationUrl(sandbox, parameters), login })
  }
  expect((await outcome({ scope: 'openid none' })).searchParams.get('error')).toBe('invalid_scope')
  expect((await outcome({ code_challenge: '' })).searchParams.get('error')).toBe('invalid_request')
  expect((await outcome({ prompt: 'none' })).searchParams.get('error')).toBe('login_required')
  await expect(outcome({ redirect_uri: 'http://evil.example/' })).rejects.toThrow(/HTTP status 400/)
})

test('the sign-in form is refused without its token, and to unknown logins', async () => {
  await using sandbox = await createQuickSandbox()
  await expect(signIn({ authorizationUrl: authorizationUrl(sandbox), login: 'nobody' })).rejects.toThrow(
    /HTTP status 401/,
  )
  const start = await fetch(authorizationUrl(sandbox), { redirect: 'manual' })
  const page = new URL(start.headers.get('location') ?? '', sandbox.url)
  const cookie = start.headers
    .getSetCookie()
    .map((entry) => entry.split(';', 1)[0])
    .join('; ')
  const shown = await fetch(page, { headers: { cookie } })
  expect(shown.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  for (const csrf of ['', 'x', 'ä'.repeat(43), 'x'.repeat(43)]) {
    const body = new URLSearchParams({ login: 'alice@example.com', csrf })
    const forged = await fetch(page, { method: 'POST', headers: { cookie }, body, redirect: 'manual' })
    expect(forged.status).toBe(403)
  }
  const withoutCookie = await fetch(page, { redirect: 'manual' })
  expect(withoutCookie.status).toBe(400)
})

test('a session spares the next sign-in until it is ended, by the app that holds the ID token', async () => {
  await using sandbox = await createQuickSandbox()
  const cookies = new Map<string, string>()
  const login = 'alice@example.com'
  const callback = await signIn({ authorizationUrl: authorizationUrl(sandbox), login, cookies })
  const { id_token: idToken } = await redeem(sandbox, callback.searchParams.get('code') ?? '')
  const again = () =>
    signIn({ authorizationUrl: authorizationUrl(sandbox, { prompt: 'none' }), login: 'nobody', cookies })
  expect((await again()).searchParams.get('code')).toBeTypeOf('string')

  const logOut = (returnTo: string) => {
    const query = new URLSearchParams({ id_token_hint: String(idToken), post_logout_redirect_uri: returnTo })
    return fetch(`${sandbox.url}/oauth2/default/v1/logout?${query}`, {
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      redirect: 'manual',
    })
  }
  expect((await logOut('http://evil.example/')).status).toBe(400)
  expect((await again()).searchParams.get('code')).toBeTypeOf('string')
  expect((await logOut('http://127.0.0.1:3000/')).headers.get('location')).toBe('http://127.0.0.1:3000/')
  expect((await again()).searchParams.get('error')).toBe('login_required')
})

test('access tokens are introspected, revoked, and follow the clock of the org', async () => {
  let now = Date.UTC(2030, 0, 1)
  await using sandbox = await createQuickSandbox({ clock: { now: () => now } })
  const call = async (endpoint: string, token: unknown) =>
    fetch(`${sandbox.url}/oauth2/default/v1/${endpoint}`, {
      method: 'POST',
      headers: basic(),
      body: new URLSearchParams({ token: String(token) }),
    })
  const introspect = async (token: unknown) => Object(await (await call('introspect', token)).json())

  const { body, claims } = await requestMachineToken(sandbox)
  expect(claims.iat).toBe(now / 1000)
  const token = body['access_token']
  expect(await introspect(token)).toMatchObject({
    active: true,
    client_id: '0oaApiA0000000000001',
    scope: 'orders:read',
    token_type: 'Bearer',
    aud: 'api://default',
  })
  const [header, payload, signature] = String(token).split('.')
  for (const forged of [`${header}.${payload}.AAAA`, `..${signature}`, String(claims.jti), 'x']) {
    expect(await introspect(forged)).toEqual({ active: false })
  }
  now += 3600_000
  expect(await introspect(token)).toEqual({ active: false })

  const second = (await requestMachineToken(sandbox)).body['access_token']
  expect((await call('revoke', second)).status).toBe(200)
  expect(await introspect(second)).toEqual({ active: false })
})

test('userinfo needs an access token of a user with scope openid', async () => {
  await using sandbox = await createQuickSandbox()
  const tokens = await signInAndRedeem(sandbox)
  const userinfo = async (token: unknown) =>
    fetch(`${sandbox.url}/oauth2/default/v1/userinfo`, {
      headers: { authorization: `Bearer ${String(token)}` },
    })
  expect(await (await userinfo(tokens['access_token'])).json()).toMatchObject({ sub: '00u1alice0000000000A' })
  expect((await userinfo((await requestMachineToken(sandbox)).body['access_token'])).status).toBe(401)
  expect((await userinfo(tokens['id_token'])).status).toBe(401)
  expect((await userinfo('x')).status).toBe(401)
})
