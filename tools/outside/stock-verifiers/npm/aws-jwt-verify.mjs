import { JwtVerifier } from 'aws-jwt-verify'
import { judge, told } from './told.mjs'

const verifier = JwtVerifier.create({
  issuer: told.issuer,
  audience: told.audience,
  jwksUri: told.jwksUri,
})
// It fetches by https alone, and the issuer is on loopback here.
verifier.cacheJwks(told.jwks)
await judge((token) => verifier.verify(token))
