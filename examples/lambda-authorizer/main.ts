/**
 * A Lambda authorizer for an HTTP API of API Gateway (payload 2.0, simple responses): Lambda calls `handler`.
 * Run as a program it serves a small gateway of its own, to be tried with curl.
 */
import { createServer, type IncomingMessage } from 'node:http'
import { createVerifier } from '@behalf/verify'
import {
  createLambdaAuthorizer,
  type HttpApiAuthorizerEvent,
  type SimpleResponse,
} from '@behalf/verify/lambda-authorizer'

type Authorizer = (event: HttpApiAuthorizerEvent) => Promise<SimpleResponse>

export function createAuthorizer(options: { issuer: string; audience: string }): Authorizer {
  return createLambdaAuthorizer(createVerifier(options), { requiredScopes: ['orders:read'] })
}

let authorizer: Authorizer | undefined
export const handler: Authorizer = (event) => {
  const { ISSUER = '', AUDIENCE = '' } = process.env
  authorizer ??= createAuthorizer({ issuer: ISSUER, audience: AUDIENCE })
  return authorizer(event)
}

/** Stands in for API Gateway: the integration behind it answers with the context that it was given. */
export async function startGateway(authorizer: Authorizer, port = 0) {
  const server = createServer(async (request, response) => {
    try {
      const { context, isAuthorized } = await authorizer(toEvent(request))
      response.statusCode = isAuthorized ? 200 : 403
      response.end(JSON.stringify(isAuthorized ? context : { message: 'Forbidden' }))
    } catch {
      response.writeHead(500).end()
    }
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const address = server.address()
  const bound = typeof address === 'object' ? address?.port : port
  return { url: `http://127.0.0.1:${bound}`, close: () => server.close() }
}

function toEvent({ method = '', url = '', headers }: IncomingMessage): HttpApiAuthorizerEvent {
  return {
    type: 'REQUEST',
    version: '2.0',
    routeArn: 'arn:aws:execute-api:eu-central-1:123456789012:local/$default/GET/orders',
    rawPath: url.split('?')[0] ?? '',
    headers: { authorization: headers.authorization },
    requestContext: { http: { method } },
  }
}

if (import.meta.main) {
  const gateway = await startGateway(handler, Number(process.env['PORT'] ?? '3004'))
  console.log(`gateway: listening on ${gateway.url}`)
  process.once('SIGTERM', () => gateway.close())
}
