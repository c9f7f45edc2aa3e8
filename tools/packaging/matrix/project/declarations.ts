/** Whatever a team may export without writing its type: each must be nameable from the package that gave it. */
import {
  type CacheOptions,
  type ClientOptions,
  clientSecretBasic,
  clientSecretPost,
  createClient,
  type DelegatedAccessToken,
  type ErrorCode,
  ExchangeError,
  type ExchangeErrorOptions,
  type PrivateKeyJwtOptions,
  privateKeyJwt,
} from '@behalf/client'
import { forExpress } from '@behalf/client/express'
import { forMcp, ToolError } from '@behalf/client/mcp'
import {
  type Access,
  type ApiRequest,
  type Authorization,
  createVerifier,
  type DelegatedAccess,
  type MachineAccess,
  TokenError,
  type VerifierOptions,
  type VerifyOptions,
} from '@behalf/verify'
import { requireAccess } from '@behalf/verify/express'
import { requireAccess as requireAccessOfFetch } from '@behalf/verify/fetch'
import { createLambdaAuthorizer } from '@behalf/verify/lambda-authorizer'
import { mcpTokenVerifier, protectedResource } from '@behalf/verify/mcp'
import { createTestIssuer, type TestDelegationOptions, type TestIssuerOptions } from '@behalf/verify/testing'

export const auth = clientSecretBasic('a secret')
export const authenticate = auth.authenticate
export const posted = clientSecretPost('a secret')
export const signed = () => privateKeyJwt({ privateKey: '' })
export const issuer = 'https://example.okta.com/oauth2/default'
export const client = createClient({ issuer, clientId: 'a', auth })
export const callB = (assertion: string) => client.fetch(assertion, { scopes: [] })
export const token = (assertion: string) => client.acquireToken({ assertion, scopes: [] })
export const statistics = () => client.statistics()
export const exchangeError = new ExchangeError('policy_denied')
export const code = exchangeError.code
export const errorClass = exchangeError.class

export const verifier = createVerifier({ issuer, audience: 'api://b' })
export const express = forExpress(client, { verifier })
export const delegation = express.onBehalfOf
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
export const mcp = forMcp(client)
export const mcpDelegation = mcp.onBehalfOf
export const mcpChallenge = mcp.challenge
export const toolError = new ToolError(exchangeError)
export const mcpVerifier = mcpTokenVerifier(createVerifier({ issuer, audience: 'api://a', accept: ['user'] }))
export const mcpCaller = (text: string) => mcpVerifier.verifyAccessToken(text)
export const mcpResource = protectedResource({
  resource: 'https://a.example',
  authorizationServers: [issuer],
})
export const tokenError = new TokenError('token_invalid')
export const testIssuer = createTestIssuer({ audience: 'api://b' })
export const fetchOfIssuer = testIssuer.fetch

// What is spread shows the types of its members.
export const clientOptions = (options: ClientOptions) => ({ ...options })
export const cacheOptions = (options: CacheOptions) => ({ ...options })
export const keyOptions = (options: PrivateKeyJwtOptions) => ({ ...options })
export const exchangeErrorOptions = (options: ExchangeErrorOptions) => ({ ...options })
export const isPolicy = (error: ErrorCode) => error === 'policy_denied'
export const accessToken = (given: DelegatedAccessToken) => ({ ...given })
export const verifierOptions = (options: VerifierOptions) => ({ ...options })
export const verifyOptions = (options: VerifyOptions) => ({ ...options })
export const anyAccess = (given: Access) => ({ ...given })
export const delegated = (given: DelegatedAccess) => ({ ...given })
export const machine = (given: MachineAccess) => ({ ...given })
export const apiRequest = (given: ApiRequest) => ({ ...given })
export const authorization = (given: Authorization) => ({ ...given })
export const issuerOptions = (options: TestIssuerOptions) => ({ ...options })
export const delegationOptions = (options: TestDelegationOptions) => ({ ...options })
