/**
 * API C, the end of a chain: answers whose stock it shows, and through whose hands the request came.
 */
import { createVerifier } from '@behalf/verify'
import { requireAccess } from '@behalf/verify/hono'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'

export interface ApiCOptions {
  readonly issuer: string
  readonly audience: string
  /** The clients that may act for users here. */
  readonly allowedActors?: readonly string[]
  /** Takes a line for every request that is refused. Default: standard error. */
  readonly log?: (line: string) => void
  /** Default: a free one. */
  readonly port?: number
}

export async function startApiC({ port = 0, log = console.warn, ...options }: ApiCOptions) {
  const verifier = createVerifier({
    ...options,
    requiredScopes: ['stock:read'],
    onRefusal: ({ message }) => log(`api-c: refused: ${message}`),
  })
  const app = new Hono().get('/stock', requireAccess(verifier), (c) => {
    const { subject, actors } = c.var.access
    // Only the first actor may decide anything; the others are there for the record.
    return c.json({ stockFor: subject, actors: actors.map(({ sub }) => sub) })
  })
  await verifier.loadKeys()
  const { promise: listening, resolve } = Promise.withResolvers<number>()
  const server = serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, (address) => resolve(address.port))
  const url = `http://127.0.0.1:${await listening}`
  return { url, close: () => new Promise<void>((closed) => server.close(() => closed())) }
}

if (import.meta.main) {
  const { ISSUER = '', AUDIENCE = '', PORT = '3003' } = process.env
  const api = await startApiC({ issuer: ISSUER, audience: AUDIENCE, port: Number(PORT) })
  console.log(`api-c: listening on ${api.url}`)
  process.once('SIGTERM', () => void api.close())
}
