import { connect } from 'node:net'
import { text } from 'node:stream/consumers'

/** Sends a request as it is written, without a body, and resolves with what comes back. */
export async function sendRaw(origin: string, ...lines: readonly string[]): Promise<string> {
  const socket = connect({ port: Number(new URL(origin).port), host: '127.0.0.1' })
  socket.write([...lines, 'Connection: close', '', ''].join('\r\n'))
  return text(socket)
}
