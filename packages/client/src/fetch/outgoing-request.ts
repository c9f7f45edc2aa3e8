/** A request to API B, before it carries a token. */
export interface OutgoingRequest {
  readonly url: string
  readonly init: RequestInit & { readonly method: string; readonly headers: Headers }
  readonly signal: AbortSignal | undefined
  /** Whether the body can be sent a second time. */
  readonly replayable: boolean
}

/**
 * Reads the arguments of a `fetch`, which may name their parts in two places.
 *
 * @throws TypeError - when the URL is none, or the request brings an `Authorization` header of its own
 */
export function readOutgoingRequest(input: string | URL | Request, init: RequestInit = {}): OutgoingRequest {
  const given = input instanceof Request ? input : undefined
  const headers = new Headers(init.headers ?? given?.headers)
  if (headers.has('authorization')) {
    throw new TypeError('fetch: headers: expected no Authorization; the delegated token goes there')
  }
  // The error of `URL` itself would carry the URL. What was parsed is what is sent: another parser could read another host.
  const text = given?.url ?? String(input)
  if (!URL.canParse(text)) throw new TypeError('fetch: expected an absolute URL')
  const url = new URL(text)
  const body = init.body ?? given?.body ?? null
  const signal = init.signal ?? given?.signal
  return {
    url: url.href,
    init: {
      ...init,
      method: init.method ?? given?.method ?? 'GET',
      headers,
      body,
      ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
    },
    signal,
    replayable: body === null || isReplayable(body),
  }
}

/** What `fetch` copies rather than consumes; streams and async iterables are used up. */
function isReplayable(body: NonNullable<RequestInit['body']>): boolean {
  return (
    typeof body === 'string' ||
    body instanceof ArrayBuffer ||
    ArrayBuffer.isView(body) ||
    body instanceof Blob ||
    body instanceof FormData ||
    body instanceof URLSearchParams
  )
}
