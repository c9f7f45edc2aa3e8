import type { IncomingMessage } from 'node:http'
import type { PresentedRequest } from './presented-request.ts'

/**
 * What is read of a request of `node:http`, or of `node:http2` in its likeness. Requests that are not from a socket
 * (injected by tests, made from events) may have no raw list.
 */
export type NodeRequest = Pick<IncomingMessage, 'method' | 'headers'> &
  Partial<Pick<IncomingMessage, 'rawHeaders'>>

/**
 * Reads a request of `node:http`.
 *
 * @param target - the request's target before any router rewrote it
 */
export function fromNodeRequest(request: NodeRequest, target: string): PresentedRequest {
  return {
    origin: request,
    method: request.method ?? '',
    url: target,
    header: (name) => {
      // Of several Authorization headers Node shows only the first; the raw list has them all.
      const sent = (request.rawHeaders ?? []).filter(
        (_, at, raw) => at % 2 === 1 && raw[at - 1]?.toLowerCase() === name,
      )
      const shown = request.headers[name]
      return sent.length === 0 && shown !== undefined ? [shown].flat() : sent
    },
  }
}
