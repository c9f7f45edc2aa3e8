import { type LoopbackServer, listen } from '@behalf/testing'
import { createVerifier, type TokenError } from '@behalf/verify'
import { requireAccess } from '@behalf/verify/express'
import { createTestIssuer } from '@behalf/verify/testing'
import express from 'express'
import {
  allowInsecureRequests,
  Configuration,
  type DPoPHandle,
  fetchProtectedResource,
  getDPoPHandle,
  randomDPoPKeyPair,
} from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const testIssuer = createTestIssuer({ audience: 'api://b' })
const refused: TokenError[] = []
let server: LoopbackServer

beforeAll(async () => {
  const app = express()
  server = await listen(app)
  const verifier = createVerifier({
    issuer: testIssuer.issuer,
    audience: 'api://b',
    fetch: testIssuer.fetch,
    dpop: { baseUrl: server.origin, required: true },
    onRefusal: (error) => void refused.push(error),
  })
  const guard = requireAccess(verifier)
  app.use('/orders', guard, (request, response) => {
    response.json({ subject: guard.of(request).subject })
  })
})
afterAll(() => server.close())

const client = new Configuration({ issuer: testIssuer.issuer }, 'api-a')
allowInsecureRequests(client)

async function call(DPoP: DPoPHandle, token: string): Promise<Response> {
  const url = new URL(`${server.origin}/orders/7?fields=all`)
  return fetchProtectedResource(client, token, url, 'PUT', undefined, undefined, { DPoP })
}

describe.each(['ES256', 'RS256', 'PS256', 'ES384', 'Ed25519'])(
  'a DPoP client of another make, with %s',
  (algorithm) => {
    it('gets through with the key that its token is bound to', async () => {
      const dpop = getDPoPHandle(client, await randomDPoPKeyPair(algorithm))
      const jkt = await dpop.calculateThumbprint()
      const token = testIssuer.delegatedToken({ subject: 'ann@example.com', claims: { cnf: { jkt } } })
      const response = await call(dpop, token)
      expect([response.status, await response.json()]).toEqual([200, { subject: 'ann@example.com' }])
      expect((await call(dpop, token)).status).toBe(200)
    })

    it('does not get through with another', async () => {
      const mine = getDPoPHandle(client, await randomDPoPKeyPair(algorithm))
      const stolen = testIssuer.delegatedToken({ claims: { cnf: { jkt: 'A'.repeat(43) } } })
      await expect(call(mine, stolen)).rejects.toMatchObject({ status: 401 })
      expect(refused.at(-1)).toMatchObject({ code: 'token_invalid', challengeError: 'invalid_dpop_proof' })
    })
  },
)
