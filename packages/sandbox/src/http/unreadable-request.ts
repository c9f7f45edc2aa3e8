import type { Duplex } from 'node:stream'
import { createIdentifier } from '../org/identifier.ts'

/** Answers what Node could not read as a request: headers too large, or no HTTP at all. */
export function answerUnreadable(error: Error & { readonly code?: string }, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  // What is larger than the buffer is in all likelihood an assertion in the request line.
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? '414 Request-URI Too Large' : '400 Bad Request'
  const head = [`x-okta-request-id: ${createIdentifier('req', 24)}`, 'content-length: 0', 'connection: close']
  socket.end(`HTTP/1.1 ${status}\r\n${head.join('\r\n')}\r\n\r\n`)
}
