/** API A: asks API B on behalf of its caller, once the verifier has accepted the caller's token. */
import { once } from 'node:events'
import { type Client, clientSecretBasic, createClient } from '@behalf/client'
import { forExpress } from '@behalf/client/express'
import { createVerifier } from '@behalf/verify'
import express from 'express'

export interface ApiAOptions {
  /** Who issues the users' tokens, and the name that they have for this API. */
  readonly issuer: string
  readonly audience: string
  /** The client that this API is, and where it asks for the orders. */
  readonly client: Client
  readonly apiBUrl: string
  /** Takes a line for every request that gets no delegated token, and why. Default: standard error. */
  readonly log?: (line: string) => void
  /** Default: a free one. */
  readonly port?: number
}

export async function startApiA({ issuer, audience, client, apiBUrl, port = 0, log }: ApiAOptions) {
  const verifier = createVerifier({ issuer, audience, accept: ['user'] })
  const { onBehalfOf, errorHandler } = forExpress(client, {
    verifier,
    onError: ({ message, cause }, status) => {
      const reason = cause instanceof Error ? `${message}: ${cause.message}` : message
      const write = log ?? console.warn
      write(`api-a: answered ${status}: ${reason}`)
    },
  })
  const app = express().disable('x-powered-by')
  app.get('/orders', async (request, response) => {
    const answer = await onBehalfOf(request, { scopes: ['orders:read'] }).fetch(`${apiBUrl}/orders`)
    response.status(answer.ok ? 200 : 502).json(answer.ok ? await answer.json() : { error: 'server_error' })
  })
  app.post('/orders', async (request, response) => {
    const { fetch } = onBehalfOf(request, { scopes: ['orders:write'] })
    const answer = await fetch(`${apiBUrl}/orders`, { method: 'POST' })
    response.status(answer.ok ? 201 : 502).json(answer.ok ? await answer.json() : { error: 'server_error' })
  })
  app.use(errorHandler)
  await verifier.loadKeys()
  const server = app.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address?.port}`
  return { url, close: () => new Promise<void>((resolve) => server.close(() => resolve())) }
}

if (import.meta.main) {
  const { ISSUER: issuer = '', AUDIENCE: audience = '', API_B_URL: apiBUrl = '', PORT = '3001' } = process.env
  const { DELEGATION_ISSUER = '', RESOURCE = '', CLIENT_ID: clientId = '', CLIENT_SECRET } = process.env
  const { SEAL_JWKS_URI: jwksUri } = process.env
  const client = createClient({
    issuer: DELEGATION_ISSUER,
    clientId,
    auth: clientSecretBasic(CLIENT_SECRET),
    // Sealed for the hook, the user's token is of no use to whoever reads logs and traces.
    ...(jwksUri === undefined ? {} : { seal: { jwksUri } }),
    resource: RESOURCE,
    expectedAudience: audience,
    allowedOrigins: [apiBUrl],
  })
  const api = await startApiA({ issuer, audience, client, apiBUrl, port: Number(PORT) })
  console.log(`api-a: listening on ${api.url}`)
  process.once('SIGTERM', () => void api.close())
}
