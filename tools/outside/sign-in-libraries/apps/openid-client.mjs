import express from 'express'
import session from 'express-session'
import * as openid from 'openid-client'
import { clientID, clientSecret, issuer, origin, serve } from './settings.mjs'

const config = await openid.discovery(new URL(issuer), clientID, clientSecret, undefined, {
  execute: [openid.allowInsecureRequests],
})

const app = express()
app.use(session({ secret: 'for a test', resave: false, saveUninitialized: true }))
app.get('/me', async (request, response) => {
  const [pkceCodeVerifier, expectedNonce] = [openid.randomPKCECodeVerifier(), openid.randomNonce()]
  request.session.checks = { pkceCodeVerifier, expectedNonce }
  const url = openid.buildAuthorizationUrl(config, {
    redirect_uri: `${origin}/callback`,
    scope: 'openid profile offline_access',
    nonce: expectedNonce,
    code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  })
  response.redirect(url.href)
})
app.get('/callback', async (request, response) => {
  const url = new URL(request.url, origin)
  const first = await openid.authorizationCodeGrant(config, url, request.session.checks)
  const renewed = await openid.refreshTokenGrant(config, first.refresh_token)
  const { active } = await openid.tokenIntrospection(config, renewed.access_token)
  const { name } = await openid.fetchUserInfo(config, renewed.access_token, first.claims().sub)
  await openid.tokenRevocation(config, renewed.refresh_token)
  response.json({ name: active ? name : 'inactive' })
})
serve(app)
