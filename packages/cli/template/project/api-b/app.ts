/** API B: takes delegated tokens only, and so knows whose orders to show and who asks for them. */
import { createVerifier, type VerifierOptions } from '@behalf/verify'
import { requireAccess } from '@behalf/verify/express'
import express, { type Express } from 'express'

/** What a verifier is told beyond these is for tests: keys from elsewhere. */
export type ApiBSettings = Pick<VerifierOptions, 'fetch'> & {
  /** The authorization server that issues delegated tokens. */
  readonly issuer: string
  /** What API B calls itself. */
  readonly audience: string
}

const readOrders = 'orders:read'

export function createApiB(settings: ApiBSettings): Express {
  const verifier = createVerifier({
    ...settings,
    accept: ['delegated'],
    onRefusal: ({ code }) => console.warn(`api-b: refused: ${code}`),
  })
  const mayReadOrders = requireAccess(verifier, { requiredScopes: [readOrders] })
  return express()
    .disable('x-powered-by')
    .get('/orders', mayReadOrders, (request, response) => {
      const { subject, actors } = mayReadOrders.of(request)
      response.json({ ordersOf: subject, askedBy: actors.map(({ sub }) => sub) })
    })
}
