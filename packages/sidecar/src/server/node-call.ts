import { Buffer } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { TLSSocket } from 'node:tls'
import type { Result } from '@behalf/core'
import { fail, pass } from '@behalf/core/internal'
import type { BodyFault, HttpCall } from '../http/call.ts'

/** Reads a request of `node:http`: every header in all its values, and the target as it was sent. */
export function fromNode(request: IncomingMessage): HttpCall {
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
    readBody: (maxBytes) => readWithin(request, maxBytes),
    isCertified: socket instanceof TLSSocket && socket.authorized,
    origin: request,
  }
}

/** What comes after the limit is read and forgotten, until the server has had enough of waiting for it. */
function readWithin(request: IncomingMessage, maxBytes: number): Promise<Result<string, BodyFault>> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let bytes = 0
    const settle = (outcome: Result<string, BodyFault>): void => {
      request.off('data', take).off('end', end).off('close', breakOff)
      request.resume()
      resolve(outcome)
    }
    const take = (chunk: Buffer): void => {
      bytes += chunk.length
      if (bytes > maxBytes) settle(fail('too large'))
      else chunks.push(chunk)
    }
    const end = (): void => settle(decode(Buffer.concat(chunks)))
    const breakOff = (): void => settle(fail('broken off'))
    request.on('data', take).on('end', end).on('close', breakOff)
  })
}

function decode(bytes: Buffer): Result<string, BodyFault> {
  try {
    return pass(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return fail('not UTF-8')
  }
}
