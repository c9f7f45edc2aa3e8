import type { IncomingMessage, ServerResponse } from 'node:http'
import { createIdentifier } from '../org/identifier.ts'
import { outcomeOf, plays } from '../org/okta-facts.ts'
import type { Org } from '../org/org.ts'
import { isAllowedOrigin } from './allowed-origin.ts'
import { ApiFault } from './api-fault.ts'
import { isForOwnHost } from './own-host.ts'
import { askedOriginOf } from './own-origin.ts'
import { replyHtml, replyJson } from './reply.ts'

/** Okta's edge is nginx; its usual buffer for a request line takes 8 KB. */
const maxRequestLineBytes = ({ facts }: Org): number =>
  Number.parseInt(outcomeOf(facts, 'longest-url'), 10) * 1024

const requestIdHeader = 'x-okta-request-id'
const exposedHeaders = `${requestIdHeader}, link, x-rate-limit-limit, x-rate-limit-remaining, x-rate-limit-reset, www-authenticate`

/** Documents that pages of any origin may read: they are public, and nothing is done for who asks. */
const isPublicDocument = (path: string): boolean =>
  path.startsWith('/.well-known/') || /^\/oauth2\/[^/]+\/(\.well-known\/[^/]+|v1\/keys)$/.test(path)

/**
 * Says what comes before any answer: a request id, the limit of the request line, the org's own host, origins that
 * may call. It answers what is turned away, and what browsers ask before they call.
 *
 * @returns whether the request may go on
 */
export function pass(org: Org, request: IncomingMessage, response: ServerResponse, path: string): boolean {
  response.setHeader(requestIdHeader, createIdentifier('req', 24))
  const { method = 'GET', url = '/', httpVersion, headers } = request
  if (Buffer.byteLength(`${method} ${url} HTTP/${httpVersion}\r\n`) > maxRequestLineBytes(org)) {
    replyHtml(response, 414, tooLongPage)
    return false
  }
  if (!isForOwnHost(request, org.url)) {
    return turnAway(response, 'The request names a host that this org is not.')
  }
  const { origin } = headers
  if (origin === undefined) return true
  const allowed = isAllowedOrigin(org, origin, askedOriginOf(request))
  const isForAll = isPublicDocument(path) && plays(org.facts, 'keys-for-pages', 'every origin')
  if (!allowed && !(isForAll && (method === 'GET' || method === 'OPTIONS'))) {
    return turnAway(response, 'Pages of this origin may not call this org.')
  }
  response.setHeader('access-control-allow-origin', origin)
  response.setHeader('access-control-expose-headers', exposedHeaders)
  response.setHeader('vary', 'origin')
  if (allowed) response.setHeader('access-control-allow-credentials', 'true')
  if (method !== 'OPTIONS') return true
  response
    .writeHead(204, {
      'access-control-allow-methods': 'GET, POST, PUT, DELETE',
      'access-control-allow-headers': headers['access-control-request-headers'] ?? '',
      'access-control-max-age': '600',
    })
    .end()
  return false
}

/** Returns the id under which the answer to a request, its hook call and its log events are known. */
export function requestIdOf(response: ServerResponse): string {
  return String(response.getHeader(requestIdHeader))
}

function turnAway(response: ServerResponse, reason: string): false {
  const { status, body } = new ApiFault(
    'E0000006',
    'You do not have permission to perform the requested action',
    [reason],
  )
  replyJson(response, status, body)
  return false
}

const tooLongPage = `<html>
<head><title>414 Request-URI Too Large</title></head>
<body>
<center><h1>414 Request-URI Too Large</h1></center>
<hr><center>nginx</center>
</body>
</html>
`
