import express from 'express'
import openid from 'express-openid-connect'
import { clientID, clientSecret, issuer, origin, serve } from './settings.mjs'

const { auth, requiresAuth } = openid
const app = express()
app.use(
  auth({
    issuerBaseURL: issuer,
    baseURL: origin,
    clientID,
    clientSecret,
    secret: 'a long text for a test that nobody has to guess',
    authRequired: false,
    authorizationParams: { response_type: 'code', scope: 'openid profile email' },
  }),
)
app.get('/me', requiresAuth(), (request, response) => response.json({ name: request.oidc.user.name }))
serve(app)
