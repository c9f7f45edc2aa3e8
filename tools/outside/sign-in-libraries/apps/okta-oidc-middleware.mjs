import okta from '@okta/oidc-middleware'
import express from 'express'
import session from 'express-session'
import { clientID, clientSecret, issuer, origin, serve } from './settings.mjs'

const app = express()
app.use(session({ secret: 'for a test', resave: true, saveUninitialized: false }))
const oidc = new okta.ExpressOIDC({
  issuer,
  client_id: clientID,
  client_secret: clientSecret,
  appBaseUrl: origin,
  routes: { loginCallback: { path: '/callback' } },
  scope: 'openid profile email',
  testing: { disableHttpsCheck: true },
})
app.use(oidc.router)
app.get('/me', oidc.ensureAuthenticated(), (request, response) =>
  response.json({ name: request.userContext.userinfo.name }),
)
oidc.on('ready', () => serve(app))
