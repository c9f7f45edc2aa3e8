import type { IncomingMessage } from 'node:http'
import { TLSSocket } from 'node:tls'

/** Returns the org's origin by the name that a request asks it by. */
export function askedOriginOf({ headers, socket }: IncomingMessage): string {
  return `${socket instanceof TLSSocket ? 'https' : 'http'}://${headers.host}`
}

/** Says whether pages of this origin are the org's own. */
export function isOwnOrigin(origin: string, request: IncomingMessage, url: string): boolean {
  return origin === url || origin === askedOriginOf(request)
}
