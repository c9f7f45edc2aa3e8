import { Auth, skipCSRFCheck } from '@auth/core'
import Okta from '@auth/core/providers/okta'
import express from 'express'
import { clientID, clientSecret, issuer, origin, serve } from './settings.mjs'

const config = {
  basePath: '/auth',
  secret: 'a long text for a test that nobody has to guess',
  trustHost: true,
  skipCSRFCheck,
  providers: [Okta({ clientId: clientID, clientSecret, issuer })],
}

/** Asks Auth.js in the name of the browser that sent a request. */
const ask = ({ headers }, path, init = {}) =>
  Auth(new Request(`${origin}/auth/${path}`, { ...init, headers: { cookie: headers.cookie ?? '' } }), config)

/** Hands an answer of Auth.js on. */
function hand(answer, response) {
  for (const cookie of answer.headers.getSetCookie()) response.append('set-cookie', cookie)
  response.redirect(answer.headers.get('location'))
}

const app = express()
app.get('/me', async (request, response) => {
  const session = await (await ask(request, 'session')).json()
  if (session) return response.json({ name: session.user.name })
  const body = new URLSearchParams({ callbackUrl: `${origin}/me` })
  hand(await ask(request, 'signin/okta', { method: 'POST', body }), response)
})
app.get('/auth/callback/okta', async (request, response) => {
  hand(await ask(request, request.url.slice('/auth/'.length)), response)
})
serve(app)
