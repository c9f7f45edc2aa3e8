import { Buffer, isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { TLSSocket } from 'node:tls'
import type { Result } from '@behalf/core'
import { fail, pass, type TurnEnd } from '@behalf/core/internal'
import type { BodyFault, HttpCall } from '../http/call.ts'

/**
 * Reads a request of `node:http`: every header in all its values, and the target as it was sent. Its body is read when all
 * input of a turn of the event loop was handled, with those of others that came in that turn.
 */
export function fromNode(request: IncomingMessage, turnEnd: TurnEnd): HttpCall {
  const { rawHeaders, method = '', url = '', socket } = request
  const header = (wanted: string): readonly string[] => {
    const values: string[] = []
    for (let index = 0; index < rawHeaders.length; index += 2) {
      const [name, value] = [rawHeaders[index], rawHeaders[index + 1]]
      if (name?.length === wanted.length && value !== undefined && name.toLowerCase() === wanted)
        values.push(value)
    }
    return values
  }
  return {
    method,
    target: url,
    isRewritten: false,
    hosts: header('host'),
    headerNames: () => rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase()),
    header,
    readBody: (maxBytes) => readWithin(request, maxBytes, turnEnd),
    isCertified: socket instanceof TLSSocket && socket.authorized,
    origin: request,
  }
}

/** What comes after the limit is read and forgotten, until the server has had enough of waiting for it. */
async function readWithin(
  request: IncomingMessage,
  maxBytes: number,
  turnEnd: TurnEnd,
): Promise<Result<string, BodyFault>> {
  await turnEnd.reached()
  // Most bodies come with their headers.
  if (request.complete) return decode(request.read() ?? Buffer.alloc(0), maxBytes)
  if (request.destroyed) return fail('broken off')
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      turnEnd.moreInput()
      bytes += chunk.length
      if (bytes <= maxBytes) chunks.push(chunk)
      else resolve(fail('too large'))
    })
    // What a promise has come to once, it keeps.
    request.once('end', () => resolve(decode(Buffer.concat(chunks), maxBytes)))
    request.once('close', () => resolve(fail('broken off')))
  })
}

function decode(bytes: Buffer, maxBytes: number): Result<string, BodyFault> {
  if (bytes.length > maxBytes) return fail('too large')
  return isUtf8(bytes) ? pass(bytes.toString()) : fail('not UTF-8')
}
