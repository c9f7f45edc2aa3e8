/** Whatever a team may export without writing its type: each must be nameable from the package that gave it. */
import {
  clientSecretBasic,
  clientSecretPost,
  createClient,
  ExchangeError,
  privateKeyJwt,
} from '@behalf/client'
import { forExpress } from '@behalf/client/express'
import { createVerifier, TokenError } from '@behalf/verify'
import { requireAccess } from '@behalf/verify/express'
import { requireAccess as requireAccessOfFetch } from '@behalf/verify/fetch'
import { createLambdaAuthorizer } from '@behalf/verify/lambda-authorizer'
import { createTestIssuer } from '@behalf/verify/testing'

export const auth = clientSecretBasic('a secret')
export const authenticate = auth.authenticate
export const posted = clientSecretPost('a secret')
export const signed = () => privateKeyJwt({ privateKey: '' })
export const issuer = 'https://example.okta.com/oauth2/default'
export const client = createClient({ issuer, clientId: 'a', auth })
export const callB = (assertion: string) => client.fetch(assertion, { scopes: [] })
export const token = (assertion: string) => client.acquireToken({ assertion, scopes: [] })
export const statistics = () => client.statistics()
export const express = forExpress(client)
export const delegation = express.onBehalfOf
export const exchangeError = new ExchangeError('policy_denied')
export const code = exchangeError.code
export const errorClass = exchangeError.class

export const verifier = createVerifier({ issuer, audience: 'api://b' })
export const access = (text: string) => verifier.verify(text)
export const actor = async (text: string) => (await verifier.verify(text)).actor
export const actors = async (text: string) => (await verifier.verify(text)).actors
export const assertion = async (text: string) => (await verifier.verify(text)).assertion
export const claims = async (text: string) => (await verifier.verify(text)).claims
export const authorize = verifier.authorize
export const status = () => verifier.keyStatus()
export const guard = requireAccess(verifier)
export const fetchGuard = requireAccessOfFetch(verifier)
export const guarded = fetchGuard((_request, seen) => new Response(seen.subject))
export const authorizer = createLambdaAuthorizer(verifier)
export const tokenError = new TokenError('token_invalid')
export const testIssuer = createTestIssuer({ audience: 'api://b' })
export const fetchOfIssuer = testIssuer.fetch
