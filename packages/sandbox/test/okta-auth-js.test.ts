import { createSandbox } from '@behalf/sandbox'
import { signIn } from '@behalf/sandbox/testing'
import { oneServer } from '@behalf/testing'
import { OktaAuth } from '@okta/okta-auth-js'
import { decodeJwt } from 'jose'
import { expect, test } from 'vitest'

const clientId = '0oaSpa00000000000001'
const redirectUri = 'http://127.0.0.1:3000/callback'
const login = 'alice@example.com'

test('@okta/okta-auth-js, unchanged: sign-in, verified ID token, userinfo, renewal, revocation, sign-out', async () => {
  await using sandbox = await createSandbox(oneServer)
  const issuer = `${sandbox.url}/oauth2/default`
  const auth = new OktaAuth({
    issuer,
    clientId,
    redirectUri,
    pkce: true,
    scopes: ['openid', 'profile', 'email', 'offline_access'],
  })
  const prepared = await auth.token.prepareTokenParams()
  const { codeVerifier = '', codeChallenge = '', state = '', nonce = '' } = prepared
  const authorizationUrl = `${issuer}/v1/authorize?${new URLSearchParams({
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: (prepared.scopes ?? []).join(' '),
    code_challenge: codeChallenge,
    code_challenge_method: 'S256',
    state,
    nonce,
  })}`
  const callback = await signIn({ authorizationUrl, login })
  expect(callback.searchParams.get('state')).toBe(state)
  const { tokens } = await auth.token.exchangeCodeForTokens({
    ...prepared,
    codeVerifier,
    authorizationCode: callback.searchParams.get('code') ?? '',
  })
  const { accessToken, idToken, refreshToken } = tokens
  if (!accessToken || !idToken || !refreshToken) throw new Error('a token is missing')
  expect(idToken.claims).toMatchObject({ sub: '00u1alice0000000000A', email: login, name: 'Alice Adams' })
  await auth.token.verify(idToken, { clientId, issuer, nonce })

  expect(await auth.token.getUserInfo(accessToken, idToken)).toMatchObject({ email: login })
  const renewed = await auth.token.renewTokensWithRefresh({ scopes: ['openid', 'profile'] }, refreshToken)
  expect(decodeJwt(renewed.accessToken?.accessToken ?? '').sub).toBe(login)
  await auth.revokeAccessToken(accessToken)
  await expect(auth.token.getUserInfo(accessToken, idToken)).rejects.toThrow()

  // The types of the class lose this method, which its documentation names.
  const url = Object(auth).getSignOutRedirectUrl({
    idToken,
    postLogoutRedirectUri: 'http://127.0.0.1:3000/',
    state: 'bye',
  })
  const signedOut = await fetch(url, { redirect: 'manual' })
  expect(signedOut.headers.get('location')).toBe('http://127.0.0.1:3000/?state=bye')
})

test('a browser of another origin may call the endpoints that single-page apps call', async () => {
  await using sandbox = await createSandbox(oneServer)
  const origin = 'http://localhost:3000'
  for (const [path, method] of [
    ['/.well-known/openid-configuration', 'GET'],
    ['/v1/keys', 'GET'],
    ['/v1/token', 'POST'],
    ['/v1/userinfo', 'GET'],
    ['/v1/revoke', 'POST'],
  ] as const) {
    const url = `${sandbox.url}/oauth2/default${path}`
    const preflight = await fetch(url, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': method,
        'access-control-request-headers': 'x-okta-user-agent-extended',
      },
    })
    expect(preflight.status, path).toBe(204)
    expect(preflight.headers.get('access-control-allow-headers'), path).toBe('x-okta-user-agent-extended')
    const called = await fetch(url, { method, headers: { origin } })
    expect(['*', origin], path).toContain(called.headers.get('access-control-allow-origin'))
  }
})

test('a sign-out ends the session; one that no known app asked for does not redirect', async () => {
  await using sandbox = await createSandbox(oneServer)
  const logout = (parameters: Record<string, string>) =>
    fetch(`${sandbox.url}/oauth2/default/v1/logout?${new URLSearchParams(parameters)}`, {
      redirect: 'manual',
    })
  for (const hint of ['', 'x', 'a.b.c', 'e30.e30.AAAA']) {
    const answer = await logout({ id_token_hint: hint, post_logout_redirect_uri: 'http://evil.example/' })
    expect(answer.status).toBe(400)
  }
})
