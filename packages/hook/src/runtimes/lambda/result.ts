import { type HttpEvent, isFromLoadBalancer } from './event.ts'

/** What Lambda takes back for an HTTP request. */
export interface HttpResult {
  readonly statusCode: number
  /** Set for load balancers, which ask for it. */
  readonly statusDescription?: string
  /** Absent when `multiValueHeaders` is there. */
  readonly headers?: Readonly<Record<string, string>>
  /** In place of `headers` for a load balancer that sends multi-value headers: it ignores the others then. */
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>
  readonly body: string
  readonly isBase64Encoded: false
}

const descriptions: Readonly<Record<number, string>> = {
  200: '200 OK',
  204: '204 No Content',
  400: '400 Bad Request',
  401: '401 Unauthorized',
  404: '404 Not Found',
  405: '405 Method Not Allowed',
  503: '503 Service Unavailable',
}

/**
 * Shapes an answer for what sent the event.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html#respond-to-load-balancer
 */
export function resultFor(
  event: HttpEvent,
  statusCode: number,
  headers: Readonly<Record<string, string>>,
  body: string,
): HttpResult {
  if (!isFromLoadBalancer(event)) return { statusCode, headers, body, isBase64Encoded: false }
  const statusDescription = descriptions[statusCode] ?? String(statusCode)
  if (event.multiValueHeaders === undefined) {
    return { statusCode, statusDescription, headers, body, isBase64Encoded: false }
  }
  const multiValueHeaders = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value]]),
  )
  return { statusCode, statusDescription, multiValueHeaders, body, isBase64Encoded: false }
}
