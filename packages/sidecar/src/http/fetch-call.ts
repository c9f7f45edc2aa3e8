import type { Result } from '@behalf/core'
import { fail, pass } from '@behalf/core/internal'
import type { BodyFault, HttpAnswer, HttpCall } from './call.ts'

/** Reads a request of the Fetch standard, whose `Headers` join what was sent several times, and whose URL has no dots. */
export function fromFetch(request: Request): HttpCall {
  const { method, headers } = request
  const url = new URL(request.url)
  const host = headers.get('host')
  return {
    method,
    target: `${url.pathname}${url.search}`,
    isRewritten: true,
    hosts: host === null ? [url.host] : [url.host, host],
    headerNames: () => [...headers.keys()],
    header(name) {
      const value = headers.get(name)
      return value === null ? [] : [value]
    },
    readBody: (maxBytes) => readWithin(request.body, maxBytes),
    isCertified: false,
    origin: request,
  }
}

/** Makes a response of the Fetch standard. */
export function toResponse({ status, headers, body }: HttpAnswer): Response {
  return new Response(body === '' ? null : body, { status, headers })
}

async function readWithin(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
): Promise<Result<string, BodyFault>> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let text = ''
  let bytes = 0
  try {
    for await (const chunk of body ?? []) {
      bytes += chunk.byteLength
      if (bytes > maxBytes) return fail('too large')
      text += decoder.decode(chunk, { stream: true })
    }
    return pass(text + decoder.decode())
  } catch (error) {
    return fail(error instanceof TypeError && 'code' in error ? 'not UTF-8' : 'broken off')
  }
}
