/**
 * API B: answers whose orders it shows and who asks for them. When it knows an API C, it asks that on behalf
 * of the same user, with its own name in front of the chain.
 */
import { createVerifier } from '@behalf/verify'
import { requireAccess } from '@behalf/verify/fastify'
import fastify from 'fastify'

export interface ApiBOptions {
  readonly issuer: string
  readonly audience: string
  /** The clients that may act for users here. */
  readonly allowedActors?: readonly string[]
  /** Asks API C on behalf of the user whose token this API was called with. */
  readonly askApiC?: (token: string) => Promise<Response>
  /** Takes a line for every request that is refused. Default: standard error. */
  readonly log?: (line: string) => void
  /** Default: a free one. */
  readonly port?: number
}

export interface RunningApi {
  readonly url: string
  close(): Promise<void>
}

export async function startApiB({
  askApiC,
  port = 0,
  log = console.warn,
  ...options
}: ApiBOptions): Promise<RunningApi> {
  const verifier = createVerifier({
    ...options,
    onRefusal: ({ message }) => log(`api-b: refused: ${message}`),
  })
  const mayReadOrders = requireAccess(verifier, { requiredScopes: ['orders:read'] })
  const app = fastify()
  app.get('/orders', { onRequest: mayReadOrders }, async (request, reply) => {
    const { subject, actors, token } = mayReadOrders.of(request)
    const orders = { ordersOf: subject, actors: actors.map(({ sub }) => sub) }
    const stock = await askApiC?.(token)
    if (stock === undefined) return orders
    return stock.ok ? { ...orders, stock: await stock.json() } : reply.code(502).send()
  })
  await verifier.loadKeys()
  const url = await app.listen({ port, host: '127.0.0.1' })
  return { url, close: () => app.close() }
}

if (import.meta.main) {
  const { ISSUER = '', AUDIENCE = '', PORT = '3002' } = process.env
  const api = await startApiB({ issuer: ISSUER, audience: AUDIENCE, port: Number(PORT) })
  console.log(`api-b: listening on ${api.url}`)
  process.once('SIGTERM', () => void api.close())
}
