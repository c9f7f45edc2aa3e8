import { IncomingMessage } from 'node:http'

/** The largest request body that the org reads: 1 MB. */
const maxBodyBytes: number = 1024 * 1024

/** A body that is larger than {@link maxBodyBytes}. */
export class BodyTooLarge extends Error {}

/**
 * Reads a request's body as text.
 *
 * @throws BodyTooLarge when it is larger than {@link maxBodyBytes}
 */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk)
    size += bytes.length
    if (size > maxBodyBytes) throw new BodyTooLarge('the request body is too large')
    chunks.push(bytes)
  }
  return Buffer.concat(chunks).toString()
}

/** Returns the same request with another body, for a handler that reads it from the stream. */
export function withBody(original: IncomingMessage, body: string): IncomingMessage {
  const request = new IncomingMessage(original.socket)
  const { 'transfer-encoding': _, ...headers } = original.headers
  request.method = original.method
  request.url = original.url
  request.httpVersion = original.httpVersion
  request.headers = { ...headers, 'content-length': String(Buffer.byteLength(body)) }
  request.push(body)
  request.push(null)
  request.complete = true
  return request
}
