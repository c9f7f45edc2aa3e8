import { auth } from 'express-oauth2-jwt-bearer'
import { judgeCalls } from './calls.mjs'
import { told } from './told.mjs'

await judgeCalls(
  auth({ issuerBaseURL: told.issuer, audience: told.audience }),
  (request) => request.auth.payload.sub,
)
