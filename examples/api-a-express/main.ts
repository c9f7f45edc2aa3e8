/** API A: makes sure that its caller's token is good, then asks API B on behalf of the user. */
import { once } from 'node:events'
import { type Client, clientSecretBasic, createClient } from '@behalf/client'
import { forExpress } from '@behalf/client/express'
import { systemClock } from '@behalf/core'
import { createJwtVerifier, KeyCache } from '@behalf/core/internal'
import express, { type NextFunction, type Request, type Response } from 'express'

export interface ApiAOptions {
  /** Who issues the users' tokens, and the name that they have for this API. */
  readonly issuer: string
  readonly audience: string
  /** The client that this API is, and where it asks for the orders. */
  readonly client: Client
  readonly apiBUrl: string
  /** Takes a line for every request that gets no delegated token. Default: standard error. */
  readonly log?: (line: string) => void
  /** Default: a free one. */
  readonly port?: number
}

export async function startApiA({ issuer, audience, client, apiBUrl, port = 0, log }: ApiAOptions) {
  const keys = new KeyCache({ issuer })
  const trusted = {
    issuer,
    audiences: [audience],
    algorithms: ['RS256'],
    clockToleranceSeconds: 60,
    keys,
  } as const
  const verify = createJwtVerifier({ issuers: [trusted], clock: systemClock, maxBytes: 16_384 })
  const requireUser = async (request: Request, response: Response, next: NextFunction) => {
    const { ok } = await verify(request.get('authorization')?.replace(/^bearer +/i, '') ?? '')
    if (ok) next()
    else response.status(401).set('www-authenticate', 'Bearer error="invalid_token"').end()
  }
  const { onBehalfOf, errorHandler } = forExpress(client, {
    onError: ({ message }, status) => (log ?? console.warn)(`api-a: answered ${status}: ${message}`),
  })
  const app = express().disable('x-powered-by')
  app.get('/orders', requireUser, async (request, response) => {
    const answer = await onBehalfOf(request, ['orders:read']).fetch(`${apiBUrl}/orders`)
    response.status(answer.ok ? 200 : 502).json(answer.ok ? await answer.json() : { error: 'server_error' })
  })
  app.use(errorHandler)
  const server = app.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address?.port}`
  return { url, close: () => new Promise<void>((resolve) => server.close(() => resolve())) }
}

if (import.meta.main) {
  const { ISSUER: issuer = '', AUDIENCE: audience = '', API_B_URL: apiBUrl = '', PORT = '3001' } = process.env
  const { CLIENT_ID: clientId = '', CLIENT_SECRET } = process.env
  const access = { auth: clientSecretBasic(CLIENT_SECRET), allowedOrigins: [apiBUrl] }
  const client = createClient({ issuer, clientId, expectedAudience: audience, ...access })
  const api = await startApiA({ issuer, audience, client, apiBUrl, port: Number(PORT) })
  console.log(`api-a: listening on ${api.url}`)
  process.once('SIGTERM', () => void api.close())
}
