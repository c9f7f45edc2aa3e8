import type { IncomingMessage } from 'node:http'
import { TLSSocket } from 'node:tls'

/** Returns the org's origin by the name that a request asks it by. */
export function askedOriginOf({ headers, socket }: IncomingMessage): string {
  return `${spokenScheme(socket)}://${headers.host}`
}

/** Says whether pages of this origin are the org's own. */
export function isOwnOrigin(origin: string, request: IncomingMessage, url: string): boolean {
  return origin === url || origin === askedOriginOf(request)
}

/** Returns the scheme of a request's URL: what is in front of the org may speak TLS in its place, by its own host. */
export function schemeOf({ headers, socket }: IncomingMessage, url: string): string {
  const { host, protocol } = new URL(url)
  return headers.host === host ? protocol.slice(0, -1) : spokenScheme(socket)
}

function spokenScheme(socket: IncomingMessage['socket']): 'http' | 'https' {
  return socket instanceof TLSSocket ? 'https' : 'http'
}
