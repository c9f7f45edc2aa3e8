import { createVerifier } from 'fast-jwt'
import { judge, told } from './told.mjs'

const verify = createVerifier({
  key: told.pem,
  algorithms: ['RS256'],
  allowedIss: told.issuer,
  allowedAud: told.audience,
})
await judge((token) => verify(token))
