import { createVerifier } from '@behalf/verify'
import {
  createLambdaAuthorizer,
  type LambdaAuthorizerEvent,
  type RequestAuthorizerEvent,
  type TokenAuthorizerEvent,
} from '@behalf/verify/lambda-authorizer'
import type {
  APIGatewayAuthorizerHandler,
  APIGatewayRequestAuthorizerEvent,
  APIGatewayRequestAuthorizerEventV2,
  APIGatewayRequestAuthorizerHandler,
  APIGatewayRequestIAMAuthorizerHandlerV2,
  APIGatewayRequestSimpleAuthorizerHandlerV2,
  APIGatewayTokenAuthorizerEvent,
  APIGatewayTokenAuthorizerHandler,
} from 'aws-lambda'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { TestBed } from '../setup.ts'

const bed = TestBed.forFile()
const methodArn = 'arn:aws:execute-api:eu-central-1:123456789012:abc123/prod/GET/orders'
const tokenEvent = (token: string): TokenAuthorizerEvent => ({
  type: 'TOKEN',
  methodArn,
  authorizationToken: `Bearer ${token}`,
})
const requestEvent = (): RequestAuthorizerEvent => ({
  type: 'REQUEST',
  methodArn,
  httpMethod: 'GET',
  headers: { authorization: `Bearer ${bed.delegated()}` },
  requestContext: { path: '/orders' },
})
const httpApiEvent = (routeArn: string): LambdaAuthorizerEvent => ({
  type: 'REQUEST',
  version: '2.0',
  routeArn,
  rawPath: '/orders',
  headers: { authorization: `Bearer ${bed.delegated()}` },
  requestContext: { http: { method: 'GET' } },
})

it('allows the one method that was asked about', async () => {
  const authorizer = createLambdaAuthorizer(bed.verifier())
  expect(await authorizer(tokenEvent(bed.delegated()))).toMatchObject({
    principalId: 'ann@example.com',
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: methodArn }],
    },
  })
})

it('tells the integration of a machine what it is', async () => {
  const authorizer = createLambdaAuthorizer(
    createVerifier({ ...bed.options, accept: ['delegated', 'machine'] }),
  )
  const answer = await authorizer(tokenEvent(bed.machine()))
  expect(answer).toMatchObject({ principalId: '0oaApiA' })
  expect(answer.context).toEqual({
    kind: 'machine',
    client: '0oaApiA',
    scopes: 'orders:read',
    expiresAt: bed.clock.seconds + 300,
  })
})

it('names the challenge of a denial, for a gateway response', async () => {
  const authorizer = createLambdaAuthorizer(bed.verifier(), { requiredScopes: ['orders:write'] })
  expect(await authorizer(tokenEvent(bed.delegated()))).toMatchObject({
    policyDocument: { Statement: [{ Effect: 'Deny', Resource: methodArn }] },
    context: {
      error: 'insufficient_scope',
      challenge: 'Bearer error="insufficient_scope", scope="orders:write"',
    },
  })
})

it('finds a header however API Gateway spells it, and refuses two', async () => {
  const authorizer = createLambdaAuthorizer(bed.verifier())
  const event = (headers: Record<string, string> | null): LambdaAuthorizerEvent => ({
    type: 'REQUEST',
    methodArn,
    httpMethod: 'GET',
    headers,
    requestContext: { path: '/orders' },
  })
  const token = `Bearer ${bed.delegated()}`
  for (const name of ['authorization', 'Authorization', 'AUTHORIZATION'])
    await expect(authorizer(event({ [name]: token }))).resolves.toMatchObject({
      principalId: 'ann@example.com',
    })
  await expect(authorizer(event({ Authorization: token, authorization: token }))).rejects.toThrow(
    /^Unauthorized$/,
  )
  await expect(authorizer(event(null))).rejects.toThrow(/^Unauthorized$/)
})

describe.each([
  ['TOKEN', (arn: string): LambdaAuthorizerEvent => ({ ...tokenEvent(bed.delegated()), methodArn: arn })],
  ['REQUEST', (arn: string): LambdaAuthorizerEvent => ({ ...requestEvent(), methodArn: arn })],
  [
    'payload 1.0',
    (arn: string): LambdaAuthorizerEvent => ({ ...requestEvent(), version: '1.0', methodArn: arn }),
  ],
  ['payload 2.0', httpApiEvent],
] as const)('an ARN that names more than one method (%s)', (_, eventFor) => {
  const prefix = 'arn:aws:execute-api:eu-central-1:123456789012'
  const arns = [
    ...[
      'GET/*',
      'GET/orders/?',
      'GET/orders/*/7',
      '*/orders',
      'GE?/orders',
      '/orders',
      ['GET/$', '{aws:username}'].join(''),
    ].map((tail) => `${prefix}:abc123/prod/${tail}`),
    `${prefix}:abc123/*/GET/orders`,
    `${prefix}:abc123//GET/orders`,
    `${prefix}:*/prod/GET/orders`,
    `${prefix}:/prod/GET/orders`,
    `${prefix}:abc123/prod`,
    `${prefix}:abc123`,
    'arn:aws:execute-api:*:123456789012:abc123/prod/GET/orders',
    'arn:aws:execute-api::123456789012:abc123/prod/GET/orders',
    'arn:aws:execute-api:eu-central-1::abc123/prod/GET/orders',
    'arn:aws:s3:eu-central-1:123456789012:abc123/prod/GET/orders',
    'arn:*:execute-api:eu-central-1:123456789012:abc123/prod/GET/orders',
    '*',
    '',
  ]

  it.each(arns)('%j is denied by policy', async (arn) => {
    const authorizer = createLambdaAuthorizer(bed.verifier(), { httpApiResponse: 'policy' })
    expect(await authorizer(eventFor(arn))).toEqual({
      principalId: 'unknown',
      policyDocument: {
        Version: '2012-10-17',
        Statement: [{ Action: 'execute-api:Invoke', Effect: 'Deny', Resource: arn || '*' }],
      },
      context: { error: 'path_is_a_pattern', challenge: '' },
    })
  })

  it.each(arns)('%j is denied by default', async (arn) => {
    const answer = await createLambdaAuthorizer(bed.verifier())(eventFor(arn))
    expect('isAuthorized' in answer ? answer.isAuthorized : answer.policyDocument.Statement[0]?.Effect).toBe(
      'isAuthorized' in answer ? false : 'Deny',
    )
  })

  it.each(['prod/GET/', 'prod/GET', '$default/GET/orders/', 'prod/GET/a//b', 'prod/GET/$5'])(
    'one that ends in %j names one and is allowed',
    async (tail) => {
      const arn = `${prefix}:abc123/${tail}`
      const authorizer = createLambdaAuthorizer(bed.verifier(), { httpApiResponse: 'policy' })
      expect(await authorizer(eventFor(arn))).toMatchObject({
        policyDocument: { Statement: [{ Effect: 'Allow', Resource: arn }] },
      })
    },
  )
})

it('denies a request of an HTTP API with payload 1.0 by a policy, where an exception would be a fault', async () => {
  const authorizer = createLambdaAuthorizer(bed.verifier())
  const event: LambdaAuthorizerEvent = {
    type: 'REQUEST',
    version: '1.0',
    methodArn,
    httpMethod: 'GET',
    headers: { authorization: 'Bearer x' },
    requestContext: { path: '/orders' },
  }
  expect(await authorizer(event)).toMatchObject({
    policyDocument: { Statement: [{ Effect: 'Deny', Resource: methodArn }] },
    context: { error: 'token_invalid' },
  })
})

it('fits the handlers that the types of AWS Lambda describe', () => {
  const simple = createLambdaAuthorizer(bed.verifier())
  const byPolicy = createLambdaAuthorizer(bed.verifier(), { httpApiResponse: 'policy' })
  expectTypeOf(simple).toExtend<APIGatewayTokenAuthorizerHandler>()
  expectTypeOf(simple).toExtend<APIGatewayRequestAuthorizerHandler>()
  expectTypeOf(simple).toExtend<APIGatewayRequestSimpleAuthorizerHandlerV2>()
  expectTypeOf(byPolicy).toExtend<APIGatewayRequestIAMAuthorizerHandlerV2>()
  expectTypeOf(byPolicy).toExtend<APIGatewayAuthorizerHandler>()
})

it('takes the events that the types of AWS Lambda describe', () => {
  expectTypeOf<APIGatewayTokenAuthorizerEvent>().toExtend<LambdaAuthorizerEvent>()
  expectTypeOf<APIGatewayRequestAuthorizerEvent>().toExtend<LambdaAuthorizerEvent>()
  expectTypeOf<APIGatewayRequestAuthorizerEventV2>().toExtend<LambdaAuthorizerEvent>()
})
