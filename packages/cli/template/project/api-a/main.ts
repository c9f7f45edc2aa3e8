import { readSettings } from '../settings.ts'
import { createApiA } from './app.ts'

const { HOST = '127.0.0.1', PORT = '3001' } = process.env
const from = readSettings(
  [
    'ISSUER',
    'AUDIENCE',
    'DELEGATION_ISSUER',
    'CLIENT_ID',
    'CLIENT_SECRET',
    'SEAL_JWKS_URI',
    'RESOURCE',
    'API_B_URL',
  ],
  process.env,
)
const api = createApiA({
  issuer: from.ISSUER,
  audience: from.AUDIENCE,
  delegationIssuer: from.DELEGATION_ISSUER,
  clientId: from.CLIENT_ID,
  clientSecret: from.CLIENT_SECRET,
  sealJwksUri: from.SEAL_JWKS_URI,
  resource: from.RESOURCE,
  apiBUrl: from.API_B_URL,
})
const server = api.listen(Number(PORT), HOST, () => console.log(`api-a: listening on http://${HOST}:${PORT}`))
process.once('SIGTERM', () => server.close())
