import { Buffer } from 'node:buffer'
import type { Json } from '../json/json.ts'
import { type JsonFault, parseStrictJson } from '../json/strict-parse.ts'
import { fail, pass, type Result } from '../result.ts'
import { unlessAborted } from '../time/in-time.ts'
import { describeNetworkFault, type NetworkFault } from './network-fault.ts'

/** The part of the Fetch standard that Behalf calls. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** The runtime's own `fetch`, looked up when called. */
export const runtimeFetch: Fetch = (url, init) => globalThis.fetch(url, init)

/**
 * A `fetch` of the runtime or of a library, such as `undici.fetch`, whose types need not be the runtime's own. It must not
 * follow redirects. What is sent may have a body; what it answers must be a `Response` of the Fetch standard.
 */
export type AnyFetch = (url: string, init: SentRequest) => Promise<FetchedResponse>

/** How a request is sent; a body goes with it where there is one. */
export interface SentRequest {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly redirect: 'manual'
  readonly signal?: AbortSignal
}

/** What of a `Response` every library has in common. */
export interface FetchedResponse extends DocumentResponse {
  readonly headers: { get(name: string): string | null; has(name: string): boolean }
}

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
export interface FetchFault extends NetworkFault {
  /** The status, when there was an answer with another than 200. */
  readonly status?: number
}

const maxJsonDepth = 32
/** What says that later is better: RFC 9110 §15.5.9, RFC 8470 §5.2, RFC 6585 §4. */
const passing: ReadonlySet<number> = new Set([408, 425, 429])

/**
 * Gets a JSON document. Only a 200 counts; redirects are not followed, no more than `maxBytes` are read, and
 * the signal ends the attempt even when `fetch` pays no attention to it. It never throws.
 */
export async function fetchJson(url: string, options: FetchJsonOptions): Promise<Result<Json, FetchFault>> {
  const { signal } = options
  try {
    signal.throwIfAborted()
    return await unlessAborted(getJson(url, options), signal)
  } catch (error) {
    return fail(signal.aborted ? { detail: 'did not answer in time' } : describeNetworkFault(error))
  }
}

async function getJson(
  url: string,
  { fetch, signal, maxBytes }: FetchJsonOptions,
): Promise<Result<Json, FetchFault>> {
  const response = await fetch(url, { signal, redirect: 'manual', headers: { accept: 'application/json' } })
  if (response.status !== 200) {
    await response.body?.cancel()
    const { status } = response
    const fault = { status, detail: `answered ${status}` }
    return fail(isPermanent(status) ? { ...fault, permanent: true } : fault)
  }
  const bytes = await readBytes(response, maxBytes)
  if (bytes === undefined) return fail({ detail: `answered with more than ${maxBytes} bytes` })
  const parsed = parseUtf8(bytes)
  return parsed.ok ? pass(parsed.value) : fail({ detail: 'answered with something that is not JSON' })
}

/** What a server answers in the same way until somebody changes the question or the server. */
function isPermanent(status: number): boolean {
  return status >= 300 && status < 500 && !passing.has(status)
}

function parseUtf8(bytes: Buffer): Result<Json, JsonFault> {
  let text: string
  try {
    text = decodeUtf8(bytes)
  } catch {
    return fail('malformed')
  }
  return parseStrictJson(text, maxJsonDepth)
}

/**
 * Reads a body as UTF-8, whatever the status; undefined when it has more than `maxBytes`.
 *
 * @throws what the transport throws, and a TypeError for bytes that are not UTF-8
 */
export async function readText(response: DocumentResponse, maxBytes: number): Promise<string | undefined> {
  const bytes = await readBytes(response, maxBytes)
  return bytes === undefined ? undefined : decodeUtf8(bytes)
}

async function readBytes({ body }: DocumentResponse, maxBytes: number): Promise<Buffer | undefined> {
  if (body === null) return Buffer.alloc(0)
  const chunks: Uint8Array[] = []
  let bytes = 0
  const reader = body.getReader()
  for (let { value } = await reader.read(); value !== undefined; { value } = await reader.read()) {
    bytes += value.byteLength
    if (bytes > maxBytes) {
      await reader.cancel()
      return undefined
    }
    chunks.push(value)
  }
  return Buffer.concat(chunks)
}

function decodeUtf8(bytes: Buffer): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
}
