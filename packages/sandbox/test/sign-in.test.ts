import { createSandbox } from '@behalf/sandbox'
import { signIn } from '@behalf/sandbox/testing'
import { oneServer } from '@behalf/testing'
import OktaJwtVerifier from '@okta/jwt-verifier'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import * as openid from 'openid-client'
import { expect, test } from 'vitest'

const redirectUri = 'http://127.0.0.1:3000/callback'
const clientId = '0oaSpa00000000000001'

async function signInWithPkce(issuer: string, scope: string, login = 'alice@example.com') {
  const config = await openid.discovery(new URL(issuer), clientId, undefined, openid.None(), {
    execute: [openid.allowInsecureRequests],
  })
  const pkceCodeVerifier = openid.randomPKCECodeVerifier()
  const expectedState = openid.randomState()
  const expectedNonce = openid.randomNonce()
  const authorizationUrl = openid.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope,
    state: expectedState,
    nonce: expectedNonce,
    code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  })
  const callback = await signIn({ authorizationUrl, login })
  const checks = { pkceCodeVerifier, expectedState, expectedNonce }
  return { config, callback, tokens: await openid.authorizationCodeGrant(config, callback, checks) }
}

test('a person signs in with PKCE and gets Okta-shaped tokens', async () => {
  await using sandbox = await createSandbox(oneServer)
  const issuer = `${sandbox.url}/oauth2/default`
  const { tokens, config } = await signInWithPkce(issuer, 'openid profile email orders:read offline_access')

  expect(decodeProtectedHeader(tokens.access_token)).toEqual({ alg: 'RS256', kid: expect.any(String) })
  const claims = decodeJwt(tokens.access_token)
  expect(claims).toEqual({
    ver: 1,
    jti: expect.stringMatching(/^AT\./),
    iss: issuer,
    aud: 'api://default',
    iat: expect.any(Number),
    exp: Number(claims.iat) + 3600,
    cid: clientId,
    uid: '00u1alice0000000000A',
    scp: ['openid', 'profile', 'email', 'orders:read', 'offline_access'],
    auth_time: expect.any(Number),
    sub: 'alice@example.com',
  })
  expect(tokens.claims()).toMatchObject({
    sub: '00u1alice0000000000A',
    aud: clientId,
    name: 'Alice Adams',
    email: 'alice@example.com',
    preferred_username: 'alice@example.com',
  })
  const verifier = new OktaJwtVerifier({ issuer, testing: { disableHttpsCheck: true } })
  const verified = await verifier.verifyAccessToken(tokens.access_token, 'api://default')
  expect(verified.claims.sub).toBe('alice@example.com')

  const userinfo = await openid.fetchUserInfo(config, tokens.access_token, '00u1alice0000000000A')
  expect(userinfo['email']).toBe('alice@example.com')

  const refreshed = await openid.refreshTokenGrant(config, String(tokens.refresh_token))
  expect(decodeJwt(refreshed.access_token)).toMatchObject({
    uid: '00u1alice0000000000A',
    auth_time: claims['auth_time'],
  })
})
