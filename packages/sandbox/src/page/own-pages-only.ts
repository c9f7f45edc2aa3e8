import type { IncomingMessage } from 'node:http'
import { ApiFault } from '../http/api-fault.ts'
import { isOwnOrigin } from '../http/own-origin.ts'

const ownSites = ['same-origin', 'none']

/**
 * Turns away pages of every other origin, apps' pages included; programs, which send neither header, may read.
 *
 * @param url - where the org is
 * @throws ApiFault when the request comes from elsewhere, or would change something and is not from the org's own page
 */
export function requireOwnPage(request: IncomingMessage, url: string): void {
  const { origin, 'sec-fetch-site': site } = request.headers
  const reads = request.method === 'GET' || request.method === 'HEAD'
  const isOwn = origin === undefined ? reads : isOwnOrigin(origin, request, url)
  if (isOwn && (typeof site !== 'string' || ownSites.includes(site))) return
  throw new ApiFault('E0000006', 'You do not have permission to perform the requested action', [
    "Only the sandbox's own page may do this.",
  ])
}
