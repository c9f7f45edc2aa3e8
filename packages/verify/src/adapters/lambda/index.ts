import { type OptionRules, oneOf } from '@behalf/core/internal'
import type { Access } from '../../access/access.ts'
import { routeRules } from '../../options/option-rules.ts'
import type { RouteOptions } from '../../options/verifier-options.ts'
import type { Verifier } from '../../verifier.ts'
import { namesOneMethod } from './arn.ts'
import {
  fromEvent,
  type HttpApiAuthorizerEvent,
  type LambdaAuthorizerEvent,
  type RequestAuthorizerEvent,
  type TokenAuthorizerEvent,
} from './event.ts'
import { describeAccess, type PolicyResponse, policy, type SimpleResponse } from './response.ts'

export type {
  HttpApiAuthorizerEvent,
  LambdaAuthorizerEvent,
  RequestAuthorizerEvent,
  TokenAuthorizerEvent,
} from './event.ts'

import { assertGuard } from '../door.ts'

export type { AuthorizerContext, PolicyResponse, SimpleResponse } from './response.ts'

/** What {@link createLambdaAuthorizer} asks for beyond the verifier's options. */
export interface LambdaAuthorizerOptions extends RouteOptions {
  /** The format of answers to events of payload 2.0, as the authorizer is set up. Default `simple`. */
  readonly httpApiResponse?: 'simple' | 'policy'
}

/** What REST APIs send, and HTTP APIs with payload 1.0; the answer is always a policy. */
/** What a REST API asks an authorizer with. */
export type RestAuthorizerEvent = TokenAuthorizerEvent | RequestAuthorizerEvent

/**
 * The handler of a Lambda authorizer; fits the handler types of `@types/aws-lambda`.
 *
 * @throws Error - `Unauthorized`, by which REST APIs answer 401
 * @throws TokenError - when keys are out of reach, or no more DPoP proofs can be remembered
 */
export interface LambdaAuthorizer<HttpApiResponse extends PolicyResponse | SimpleResponse> {
  (event: HttpApiAuthorizerEvent): Promise<HttpApiResponse>
  (event: RestAuthorizerEvent): Promise<PolicyResponse>
  (event: LambdaAuthorizerEvent): Promise<PolicyResponse | HttpApiResponse>
}

const authorizerRules: OptionRules<keyof LambdaAuthorizerOptions> = {
  ...routeRules,
  httpApiResponse: oneOf('simple', 'policy'),
}

/**
 * Makes the handler of a Lambda authorizer for API Gateway: REST APIs (`TOKEN` and `REQUEST`) and HTTP APIs
 * (payload 1.0 and 2.0). The context of an allowed request has `kind`, `subject`, `actor`, `actors` (JSON,
 * the current one first), `scopes` (separated by spaces) and `expiresAt`; for a machine, `client` instead of the
 * subject and the actors.
 *
 * API Gateway decides the statuses: REST APIs answer 401 where the verifier would, 403 otherwise; HTTP APIs
 * answer every refusal with 403. What the verifier would answer with 503 fails the function, which both answer
 * with 500. The context of a denial by policy has `error` and `challenge`, for a gateway response that sets `WWW-Authenticate`.
 *
 * Set the result's time to live to 0: API Gateway's cache does not know when a token ends, and would let a
 * DPoP proof be replayed. What is allowed is the one method and path that was asked about; an ARN that IAM takes
 * for a pattern (with `*`, `?` or `${` in it), or that leaves a part empty, is denied whatever the payload and the
 * format of the answer, with the error `path_is_a_pattern`.
 *
 * @example
 * ```ts
 * import { createVerifier } from '@behalf/verify'
 * import { createLambdaAuthorizer } from '@behalf/verify/lambda-authorizer'
 *
 * const verifier = createVerifier({
 *   issuer: 'https://example.okta.com/oauth2/default',
 *   audience: 'api://orders',
 * })
 * export const handler = createLambdaAuthorizer(verifier, { requiredScopes: ['orders:read'] })
 * ```
 *
 * @throws TypeError - when options are unusable
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
 */
export function createLambdaAuthorizer(
  verifier: Verifier<Access>,
  options?: LambdaAuthorizerOptions & { readonly httpApiResponse?: 'simple' },
): LambdaAuthorizer<SimpleResponse>
export function createLambdaAuthorizer(
  verifier: Verifier<Access>,
  options: LambdaAuthorizerOptions & { readonly httpApiResponse: 'policy' },
): LambdaAuthorizer<PolicyResponse>
export function createLambdaAuthorizer(
  verifier: Verifier<Access>,
  options: LambdaAuthorizerOptions,
): LambdaAuthorizer<PolicyResponse | SimpleResponse>
export function createLambdaAuthorizer(
  verifier: Verifier<Access>,
  options: LambdaAuthorizerOptions = {},
): LambdaAuthorizer<PolicyResponse | SimpleResponse> {
  assertGuard('createLambdaAuthorizer', verifier, options, authorizerRules)
  const { httpApiResponse = 'simple', ...route } = options

  function authorizer(event: HttpApiAuthorizerEvent): Promise<PolicyResponse | SimpleResponse>
  function authorizer(event: RestAuthorizerEvent): Promise<PolicyResponse>
  function authorizer(event: LambdaAuthorizerEvent): Promise<PolicyResponse | SimpleResponse>
  async function authorizer(event: LambdaAuthorizerEvent): Promise<PolicyResponse | SimpleResponse> {
    const authorization = await verifier.authorize(fromEvent(event), route)
    const isSimple = 'routeArn' in event && httpApiResponse === 'simple'
    const resource = 'routeArn' in event ? event.routeArn : event.methodArn
    const deny = (error: string, challenge: string): PolicyResponse | SimpleResponse =>
      isSimple
        ? { isAuthorized: false, context: { error, challenge } }
        : policy('Deny', resource || '*', 'unknown', { error, challenge })
    if (authorization.ok) {
      if (!namesOneMethod(resource)) return deny('path_is_a_pattern', '')
      const { access } = authorization
      const context = describeAccess(access)
      if (isSimple) return { isAuthorized: true, context }
      const principal = access.kind === 'machine' ? access.client : access.subject
      return policy('Allow', resource, principal, context)
    }
    const { status, headers, error } = authorization.refusal
    if (status === 503) throw error
    // The one message that REST APIs turn into a 401; for HTTP APIs it is a fault of the function.
    if (status === 401 && !isOfHttpApi(event)) throw new Error('Unauthorized')
    return deny(error.code, headers['www-authenticate'] ?? '')
  }
  return authorizer
}

/** REST APIs send no version. */
function isOfHttpApi(event: LambdaAuthorizerEvent): boolean {
  return 'version' in event && event.version !== undefined
}
