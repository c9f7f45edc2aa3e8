import type { ApiRequest } from '../../request/authorize-request.ts'

type EventHeaders = Readonly<Record<string, string | undefined>>

/** What a REST API sends to a `TOKEN` authorizer: no method, no path and no other header, so no DPoP. */
export interface TokenAuthorizerEvent {
  readonly type: 'TOKEN'
  readonly methodArn: string
  readonly authorizationToken: string
}

/** What a REST API, or an HTTP API with payload 1.0, sends to a `REQUEST` authorizer. */
export interface RequestAuthorizerEvent {
  readonly type: 'REQUEST'
  readonly version?: string
  readonly methodArn: string
  readonly httpMethod: string
  readonly headers: EventHeaders | null
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[] | undefined>> | null
  readonly requestContext: { readonly path: string }
}

/** What an HTTP API sends with payload 2.0. */
export interface HttpApiAuthorizerEvent {
  readonly type: 'REQUEST'
  readonly version: string
  readonly routeArn: string
  readonly rawPath: string
  readonly headers?: EventHeaders
  readonly requestContext: { readonly http: { readonly method: string } }
}

/** What API Gateway asks an authorizer with. */
export type LambdaAuthorizerEvent = TokenAuthorizerEvent | RequestAuthorizerEvent | HttpApiAuthorizerEvent

/** Reads an event as the request that it is about. */
export function fromEvent(event: LambdaAuthorizerEvent): ApiRequest {
  if (event.type === 'TOKEN') {
    const header: ApiRequest['header'] = (name) =>
      name === 'authorization' ? [event.authorizationToken] : []
    return { method: '', url: '', header }
  }
  if ('routeArn' in event) {
    const { method } = event.requestContext.http
    return { method, url: event.rawPath, header: (name) => findHeader(name, event.headers) }
  }
  return {
    method: event.httpMethod,
    url: event.requestContext.path,
    header: (name) => findHeader(name, event.multiValueHeaders ?? event.headers),
  }
}

/** API Gateway leaves names as the client wrote them, or not, depending on the kind of API. */
function findHeader(
  wanted: string,
  headers: Readonly<Record<string, string | readonly string[] | undefined>> | null | undefined,
): readonly string[] {
  return Object.entries(headers ?? {}).flatMap(([name, value]) =>
    name.toLowerCase() === wanted && value !== undefined ? value : [],
  )
}
