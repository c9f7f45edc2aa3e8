import type { IncomingMessage } from 'node:http'
import { listen } from '@behalf/testing'
import {
  createLambdaAuthorizer,
  type HttpApiAuthorizerEvent,
  type LambdaAuthorizerEvent,
  type LambdaAuthorizerOptions,
  type RequestAuthorizerEvent,
  type TokenAuthorizerEvent,
} from '@behalf/verify/lambda-authorizer'
import type { StartServer } from './servers.ts'

const arn = 'arn:aws:execute-api:eu-central-1:123456789012:abc123/prod/GET/orders'

/** What API Gateway sends for a request that has an `Authorization` header. */
export const events = {
  token: (request: IncomingMessage): TokenAuthorizerEvent => ({
    type: 'TOKEN',
    methodArn: arn,
    authorizationToken: request.headers.authorization ?? '',
  }),
  rest: (request: IncomingMessage): RequestAuthorizerEvent => ({
    type: 'REQUEST',
    methodArn: arn,
    httpMethod: request.method ?? '',
    headers: Object.fromEntries(namedHeaders(request).map(([name, values]) => [name, values.at(-1)])),
    multiValueHeaders: Object.fromEntries(namedHeaders(request)),
    requestContext: { path: pathOf(request) },
  }),
  http: (request: IncomingMessage): HttpApiAuthorizerEvent => ({
    type: 'REQUEST',
    version: '2.0',
    routeArn: arn,
    rawPath: pathOf(request),
    headers: Object.fromEntries(
      namedHeaders(request).map(([name, values]) => [name.toLowerCase(), values.join(',')]),
    ),
    requestContext: { http: { method: request.method ?? '' } },
  }),
}

function pathOf(request: IncomingMessage): string {
  return new URL(request.url ?? '', 'http://localhost').pathname
}

function namedHeaders({ rawHeaders }: IncomingMessage): readonly (readonly [string, readonly string[]])[] {
  const headers = new Map<string, string[]>()
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2)
    headers.set(name, [...(headers.get(name) ?? []), value])
  }
  return [...headers]
}

/** An API Gateway in front of an integration that answers with the authorizer's context. */
export function gateway(
  toEvent: (request: IncomingMessage) => LambdaAuthorizerEvent,
  options: LambdaAuthorizerOptions = {},
): StartServer {
  return (verifier) => {
    const authorizer = createLambdaAuthorizer(verifier, { requiredScopes: ['orders:read'], ...options })
    return listen(async (request, response) => {
      if (request.headers.authorization === undefined) {
        response.writeHead(401).end()
        return
      }
      try {
        const answer = await authorizer(toEvent(request))
        const allowed =
          'isAuthorized' in answer
            ? answer.isAuthorized
            : answer.policyDocument.Statement.every(
                ({ Effect, Resource }) => Effect === 'Allow' && Resource === arn,
              )
        if (allowed) response.end(JSON.stringify(answer.context))
        else response.writeHead(403).end()
      } catch (error) {
        response.writeHead(error instanceof Error && error.message === 'Unauthorized' ? 401 : 500).end()
      }
    })
  }
}
