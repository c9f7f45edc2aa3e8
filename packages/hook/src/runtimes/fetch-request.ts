import type { Denial, Result } from '@behalf/core'
import { deny } from '@behalf/core/internal'
import { type EventReceiver, maxEventBytes } from '../events/event-hooks.ts'
import type { Hook, HookRequest } from '../hook.ts'
import type { BodySpace } from '../pipeline/body-space.ts'
import { Body } from './body.ts'
import { eventPathOf } from './event-path.ts'
import { answerKeySet, keySetPath } from './key-set.ts'
import { pathOf } from './path.ts'

/** The parts of a `Request` that are read. */
export type FetchRequest = Pick<Request, 'method' | 'url' | 'headers' | 'body'>

/** Answers a request of the Fetch standard that has arrived at a moment, in milliseconds since the epoch. */
export async function answerFetch(
  hook: Hook,
  request: FetchRequest,
  path: string,
  arrivedAtMs: number,
): Promise<Response> {
  const pathname = pathOf(request.url)
  if (hook.events !== undefined && pathname !== path && pathname === eventPathOf(path))
    return receiveEvents(hook.events, request)
  if (request.method !== 'POST') {
    if (pathname === keySetPath) {
      const { status, headers, body } = await answerKeySet(hook, request.method)
      return new Response(request.method === 'HEAD' || body === '' ? null : body, { status, headers })
    }
    return pathname === path
      ? new Response(null, { status: 405, headers: { allow: 'POST' } })
      : new Response(null, { status: 404 })
  }
  const headers = listHeaders(request)
  const otherPath = pathname === path ? undefined : pathname
  if (otherPath !== undefined && !hook.mayBeOkta({ headers })) return new Response(null, { status: 404 })
  const body = new FetchBody(request, hook.limits.maxBodyBytes)
  const answer = await hook.handle({ headers, body: (space) => body.read(space), otherPath, arrivedAtMs })
  body.abandon()
  return new Response(answer.body, { status: answer.status, headers: answer.headers })
}

async function receiveEvents(
  events: Pick<EventReceiver, 'receive'>,
  request: FetchRequest,
): Promise<Response> {
  const body = new FetchBody(request, maxEventBytes)
  const { method } = request
  const {
    status,
    headers,
    body: text,
  } = await events.receive({
    method,
    headers: listHeaders(request),
    body: (space) => body.read(space),
  })
  body.abandon()
  return new Response(text === '' ? null : text, { status, headers })
}

function listHeaders({ headers }: FetchRequest): HookRequest['headers'] {
  const listed = new Map<string, readonly string[]>()
  headers.forEach((value, name) => {
    listed.set(name, [value])
  })
  return listed
}

/** The body of a request, until it was read or nobody wants it any more. */
class FetchBody {
  readonly #stream: FetchRequest['body']
  readonly #maxBytes: number
  readonly #abandoned = Promise.withResolvers<'abandoned'>()

  constructor({ body }: FetchRequest, maxBytes: number) {
    this.#stream = body
    this.#maxBytes = maxBytes
  }

  async read(space: BodySpace): Promise<Result<string, Denial>> {
    const body = new Body(this.#maxBytes, space)
    const stream = this.#stream
    if (stream === null) return body.end()
    if (stream.locked) return deny('request_malformed', 'the body was read by somebody else')
    const reader = stream.getReader()
    try {
      for (;;) {
        const chunk = await Promise.race([reader.read(), this.#abandoned.promise])
        if (chunk === 'abandoned') return deny('deadline_exceeded', 'the body did not arrive in time')
        if (chunk.done || !body.push(chunk.value)) return body.end()
      }
    } catch {
      return deny('request_malformed', 'the body broke off')
    } finally {
      // What is left unread is of no interest, and neither is how discarding it ends.
      reader.cancel().catch(() => undefined)
      reader.releaseLock()
    }
  }

  /** Has whoever still reads it stop, and the sender told that nobody will. */
  abandon(): void {
    this.#abandoned.resolve('abandoned')
    if (this.#stream?.locked === false) this.#stream.cancel().catch(() => undefined)
  }
}
