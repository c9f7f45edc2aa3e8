import OktaJwtVerifier from '@okta/jwt-verifier'
import { judge, told } from './told.mjs'

// The issuer is on loopback here, by plain http.
const verifier = new OktaJwtVerifier({ issuer: told.issuer, testing: { disableHttpsCheck: true } })
await judge(async (token) => (await verifier.verifyAccessToken(token, told.audience)).claims)
