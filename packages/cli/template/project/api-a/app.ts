/** API A: users call it, and it asks API B on their behalf. */
import { clientSecretBasic, createClient } from '@behalf/client'
import { forExpress } from '@behalf/client/express'
import { createVerifier } from '@behalf/verify'
import express, { type Express } from 'express'

export interface ApiASettings {
  /** The authorization server that users sign in at, and what API A is called there. */
  readonly issuer: string
  readonly audience: string
  /** The authorization server that issues delegated tokens, and the client that API A is there. */
  readonly delegationIssuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** Where the hook publishes the key that users' tokens travel sealed for. */
  readonly sealJwksUri: string
  /** What API B calls itself, and where it is. */
  readonly resource: string
  readonly apiBUrl: string
}

const readOrders = 'orders:read'

export function createApiA(settings: ApiASettings): Express {
  const { issuer, audience, delegationIssuer, clientId, clientSecret, resource, apiBUrl } = settings
  const verifier = createVerifier({ issuer, audience, accept: ['user'] })
  const client = createClient({
    issuer: delegationIssuer,
    clientId,
    auth: clientSecretBasic(clientSecret),
    seal: { jwksUri: settings.sealJwksUri },
    resource,
    expectedAudience: audience,
    // Where a user's delegated token may be sent.
    allowedOrigins: [new URL(apiBUrl).origin],
  })
  const { onBehalfOf, errorHandler } = forExpress(client, { verifier })
  return express()
    .disable('x-powered-by')
    .get('/orders', async (request, response) => {
      const answer = await onBehalfOf(request, [readOrders]).fetch(`${apiBUrl}/orders`)
      response
        .status(answer.ok ? 200 : 502)
        .json(answer.ok ? await answer.json() : { error: 'API B refused' })
    })
    .use(errorHandler)
}
