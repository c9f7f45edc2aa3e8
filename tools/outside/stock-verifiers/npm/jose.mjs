import { createRemoteJWKSet, jwtVerify } from 'jose'
import { judge, told } from './told.mjs'

const keys = createRemoteJWKSet(new URL(told.jwksUri))
await judge(async (token) => {
  const { payload } = await jwtVerify(token, keys, { issuer: told.issuer, audience: told.audience })
  return payload
})
