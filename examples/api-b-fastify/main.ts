/**
 * API B: answers whose orders it shows and who asks for them. When it knows an API C, it asks that on behalf
 * of the same user, with its own name in front of the chain.
 */
import { type Client, clientSecretBasic, createClient } from '@behalf/client'
import { createVerifier } from '@behalf/verify'
import { requireAccess } from '@behalf/verify/fastify'
import fastify from 'fastify'

export interface ApiBOptions {
  readonly issuer: string
  readonly audience: string
  /** The clients that may act for users here. */
  readonly allowedActors?: readonly string[]
  /** What actors may not be here: `['ai_agent']` refuses AI agents. */
  readonly refusedActorProfiles?: readonly string[]
  /** Where to ask for the stock, and the client that this API is. */
  readonly apiC?: { readonly url: string; readonly client: Client }
  /** Takes a line for every request that is refused. Default: standard error. */
  readonly log?: (line: string) => void
  /** Default: a free one. */
  readonly port?: number
}

export async function startApiB({ apiC, port = 0, log = console.warn, ...options }: ApiBOptions) {
  const onRefusal = ({ message }: Error) => log(`api-b: refused: ${message}`)
  const verifier = createVerifier({ ...options, accept: ['delegated'], onRefusal })
  const mayReadOrders = requireAccess(verifier, { requiredScopes: ['orders:read'] })
  const mayPlaceOrders = requireAccess(verifier, { requiredScopes: ['orders:write'] })
  const app = fastify()
  app.get('/orders', { onRequest: mayReadOrders }, async (request, reply) => {
    const { subject, actors, token } = mayReadOrders.of(request)
    const orders = { ordersOf: subject, actors: actors.map(({ sub }) => sub) }
    if (apiC === undefined) return orders
    const stock = await apiC.client.fetch(token, { scopes: ['stock:read'] })(`${apiC.url}/stock`)
    return stock.ok ? { ...orders, stock: await stock.json() } : reply.code(502).send()
  })
  app.post('/orders', { onRequest: mayPlaceOrders }, async (request, reply) => {
    const { subject, actors } = mayPlaceOrders.of(request)
    return reply.code(201).send({ orderedFor: subject, actors: actors.map(({ sub }) => sub) })
  })
  await verifier.loadKeys()
  const url = await app.listen({ port, host: '127.0.0.1' })
  return { url, close: () => app.close() }
}

if (import.meta.main) {
  const { ISSUER: issuer = '', AUDIENCE: audience = '', PORT = '3002' } = process.env
  const { API_C_URL, CLIENT_ID: clientId = '', CLIENT_SECRET, RESOURCE = '' } = process.env
  const { SEAL_JWKS_URI: jwksUri } = process.env
  const connect = (url: string) => ({
    url,
    client: createClient({
      issuer,
      clientId,
      auth: clientSecretBasic(CLIENT_SECRET),
      ...(jwksUri === undefined ? {} : { seal: { jwksUri } }),
      resource: RESOURCE,
      expectedAudience: audience,
      allowedOrigins: [new URL(url).origin],
    }),
  })
  const chain = API_C_URL === undefined ? {} : { apiC: connect(API_C_URL) }
  const api = await startApiB({ issuer, audience, port: Number(PORT), ...chain })
  console.log(`api-b: listening on ${api.url}`)
  process.once('SIGTERM', () => void api.close())
}
