import { signIn } from '@behalf/sandbox/testing'
import * as openid from 'openid-client'
import { redirectUri, user, webShop } from './world.ts'

/**
 * Ann signs in to the web shop: authorization code with PKCE, by an OpenID client that knows nothing of Behalf.
 *
 * @param asked - what the web shop asks for besides, e.g. `acr_values`
 * @param oktaOffsetMs - how far Okta's clock is off
 */
export async function signInToWebShop(
  issuer: string,
  asked: Readonly<Record<string, string>> = {},
  oktaOffsetMs: number = 0,
): Promise<string> {
  const metadata = { [openid.clockSkew]: oktaOffsetMs / 1000 }
  const config = await openid.discovery(new URL(issuer), webShop, metadata, openid.None(), {
    execute: [openid.allowInsecureRequests],
  })
  const pkceCodeVerifier = openid.randomPKCECodeVerifier()
  const expectedState = openid.randomState()
  const authorizationUrl = openid.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: 'openid a:use',
    state: expectedState,
    code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    ...asked,
  })
  const callback = await signIn({ authorizationUrl, login: user })
  const tokens = await openid.authorizationCodeGrant(config, callback, { pkceCodeVerifier, expectedState })
  return tokens.access_token
}
