import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import { clientSecretBasic, createClient, ExchangeError } from '@behalf/client'
import { forExpress } from '@behalf/client/express'
import { createVerifier, TokenError } from '@behalf/verify'
import { requireAccess } from '@behalf/verify/express'
import { createTestIssuer } from '@behalf/verify/testing'

/**
 * One exchange and one call over HTTP, a sealed exchange, and the plain token refused on both sides; resolves with what
 * API B saw.
 */
export async function exchange(): Promise<string> {
  let plain = false
  let travelled = ''
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url || '', origin())
    const answer = (body: object | string): void => {
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      response.writeHead(200, { 'content-type': 'application/json' }).end(text)
    }
    if (pathname === '/orders') {
      guard(request, response, () => answer({ ordersOf: guard.of(request).subject })).catch(fail)
    } else if (pathname === '/of-api-a') {
      const callB = onBehalfOf(request, ['orders:read'])
      callB.fetch(`${origin()}/orders`).then(async (orders) => answer(await orders.text()), fail)
    } else if (pathname.endsWith('/token')) {
      travelled = searchParams.get('assertion') || ''
      // What is in a seal is for the hook, which is not here.
      const assertion = travelled.split('.').length === 5 ? userToken : travelled
      const claims = JSON.parse(Buffer.from(assertion.split('.')[1] || '', 'base64url').toString())
      const delegation = { subject: claims.sub, scopes: ['orders:read'], assertion: claims }
      const access_token = plain ? testIssuer.machineToken() : testIssuer.delegatedToken(delegation)
      answer({ access_token, token_type: 'Bearer', expires_in: 300, scope: 'orders:read' })
    } else if (pathname.endsWith('/keys')) {
      testIssuer.fetch(`${issuer}/v1/keys`, {}).then(async (keys) => answer(await keys.text()), fail)
    } else {
      answer({ issuer, jwks_uri: `${issuer}/v1/keys`, token_endpoint: `${issuer}/v1/token` })
    }
  })
  const fail = (): void => void server.close()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = (): string => {
    const address = server.address()
    return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  }
  const issuer = `${origin()}/oauth2/default`
  const testIssuer = createTestIssuer({ issuer, audience: 'api://b' })
  const verifier = createVerifier({ issuer, audience: 'api://b', requiredScopes: ['orders:read'] })
  const guard = requireAccess(verifier)
  const auth = clientSecretBasic('a secret of the matrix')
  const userToken = testIssuer.userToken({ subject: 'ann@example.com' })
  const client = createClient({ issuer, clientId: 'api-a', auth, allowedOrigins: [origin()] })
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const seal = { key: { ...publicKey.export({ format: 'jwk' }), kid: 'seal-1' } }
  const sealing = createClient({ issuer, clientId: 'api-a', auth, seal })
  const { onBehalfOf } = forExpress(client, { dangerouslyUnverifiedCaller: true })
  try {
    const authorization = `Bearer ${userToken}`
    const response = await fetch(`${origin()}/of-api-a`, { headers: { authorization } })
    const { ordersOf } = (await response.json()) as { ordersOf: string }
    const sealedToken = await sealing.acquireToken({ assertion: userToken, scopes: ['orders:read'] })
    const isSealed = sealedToken.subject === ordersOf && travelled.split('.').length === 5

    plain = true
    const another = client.acquireToken({ assertion: testIssuer.userToken(), scopes: ['orders:read'] })
    const exchangeError = await another.catch((error: unknown) => error)
    const isRefused = exchangeError instanceof ExchangeError && exchangeError.code === 'token_undelegated'
    const tokenError = await verifier.verify(testIssuer.machineToken()).catch((error: unknown) => error)
    const isRefusedThere = tokenError instanceof TokenError && tokenError.code === 'token_undelegated'
    if (!isSealed) return 'an assertion was not sealed'
    return isRefused && isRefusedThere ? ordersOf : 'a plain token was not refused'
  } finally {
    server.close()
    server.closeAllConnections()
  }
}
