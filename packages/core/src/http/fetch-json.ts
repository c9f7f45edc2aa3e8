import { Buffer } from 'node:buffer'
import type { Json } from '../json/json.ts'
import { parseStrictJson } from '../json/strict-parse.ts'
import { fail, pass, type Result } from '../result.ts'

/** The part of the Fetch standard that Behalf calls. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** The runtime's own `fetch`, looked up when called. */
export const runtimeFetch: Fetch = (url, init) => globalThis.fetch(url, init)

/** What of a `Response` is needed to read a document. */
export interface DocumentResponse {
  readonly status: number
  readonly body: {
    getReader(): {
      read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>
      cancel(): Promise<void>
    }
    cancel(): Promise<void>
  } | null
}

/** Gets documents; every {@link Fetch} can. It must not follow redirects. */
export type DocumentFetch = (url: string, init: DocumentRequest) => Promise<DocumentResponse>

/** How a document is asked for. */
export interface DocumentRequest {
  readonly signal: AbortSignal
  readonly redirect: 'manual'
  readonly headers: { readonly accept: 'application/json' }
}

/** What a JSON document is fetched with. */
export interface FetchJsonOptions {
  readonly fetch: DocumentFetch
  /** Ends the attempt, the reading of the body included. */
  readonly signal: AbortSignal
  readonly maxBytes: number
}

/** Why there is no document. */
export interface FetchFault {
  /** The status, when there was an answer with another than 200. */
  readonly status?: number
  /** What happened, as the rest of a sentence about whoever was asked; safe to log. */
  readonly detail: string
}

const maxJsonDepth = 32

/**
 * Gets a JSON document. Only a 200 counts; redirects are not followed, no more than `maxBytes` are read, and
 * the signal ends the attempt even when `fetch` pays no attention to it. It never throws.
 */
export async function fetchJson(url: string, options: FetchJsonOptions): Promise<Result<Json, FetchFault>> {
  const { signal } = options
  const aborted = Promise.withResolvers<never>()
  const abort = (): void => aborted.reject(signal.reason)
  signal.addEventListener('abort', abort)
  try {
    signal.throwIfAborted()
    return await Promise.race([getJson(url, options), aborted.promise])
  } catch {
    // The cause may quote the URL or the answer, so only its kind is kept.
    return fail({ detail: signal.aborted ? 'did not answer in time' : 'could not be reached' })
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

async function getJson(
  url: string,
  { fetch, signal, maxBytes }: FetchJsonOptions,
): Promise<Result<Json, FetchFault>> {
  const response = await fetch(url, { signal, redirect: 'manual', headers: { accept: 'application/json' } })
  if (response.status !== 200) {
    await response.body?.cancel()
    return fail({ status: response.status, detail: `answered ${response.status}` })
  }
  const text = await readText(response, maxBytes)
  if (text === undefined) return fail({ detail: `answered with more than ${maxBytes} bytes` })
  const parsed = parseStrictJson(text, maxJsonDepth)
  return parsed.ok ? pass(parsed.value) : fail({ detail: 'answered with something that is not JSON' })
}

/**
 * Reads a body as UTF-8, whatever the status; undefined when it has more than `maxBytes`.
 *
 * @throws what the transport throws, and a TypeError for bytes that are not UTF-8
 */
export async function readText(response: DocumentResponse, maxBytes: number): Promise<string | undefined> {
  if (response.body === null) return ''
  const chunks: Uint8Array[] = []
  let bytes = 0
  const reader = response.body.getReader()
  for (let { value } = await reader.read(); value !== undefined; { value } = await reader.read()) {
    bytes += value.byteLength
    if (bytes > maxBytes) {
      await reader.cancel()
      return undefined
    }
    chunks.push(value)
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
}
