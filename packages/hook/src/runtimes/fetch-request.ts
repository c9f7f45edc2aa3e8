import type { Clock, Denial, Result } from '@behalf/core'
import { deny } from '@behalf/core/internal'
import type { Hook } from '../hook.ts'
import type { HookAnswer } from '../okta/answer.ts'
import { Body } from './body.ts'
import { pathOf } from './path.ts'

/** The parts of a `Request` that are read. */
export type FetchRequest = Pick<Request, 'method' | 'url' | 'headers' | 'body'>

/** Answers a request of the Fetch standard that has arrived at a moment, in milliseconds since the epoch. */
export async function answerFetch(
  hook: Hook,
  request: FetchRequest,
  path: string,
  arrivedAtMs: number,
  clock: Clock,
): Promise<Response> {
  if (pathOf(request.url) !== path) return new Response(null, { status: 404 })
  if (request.method !== 'POST') return new Response(null, { status: 405, headers: { allow: 'POST' } })
  const { status, headers, body } = await answerRequest(hook, request, arrivedAtMs, clock)
  return new Response(body, { status, headers })
}

async function answerRequest(
  hook: Hook,
  request: FetchRequest,
  arrivedAtMs: number,
  clock: Clock,
): Promise<HookAnswer> {
  const body = await readBody(request, hook.limits, arrivedAtMs, clock)
  if (!body.ok) return hook.refuse(body.fault, arrivedAtMs)
  const headers = new Map<string, readonly string[]>()
  request.headers.forEach((value, name) => {
    headers.set(name, [value])
  })
  return hook.handle({ headers, body: body.value, arrivedAtMs })
}

async function readBody(
  request: FetchRequest,
  limits: Hook['limits'],
  arrivedAtMs: number,
  clock: Clock,
): Promise<Result<string, Denial>> {
  const body = new Body(limits.maxBodyBytes)
  if (request.body === null) return body.end()
  if (request.body.locked) return deny('request_malformed', 'the body was read by somebody else')
  const reader = request.body.getReader()
  let cancelTimeout = (): void => undefined
  const tooLate = new Promise<'too late'>((resolve) => {
    const leftMs = arrivedAtMs + limits.deadlineMs - clock.now()
    cancelTimeout = clock.schedule(
      () => resolve('too late'),
      Math.max(0, Math.min(leftMs, limits.deadlineMs)),
    )
  })
  try {
    for (;;) {
      const chunk = await Promise.race([reader.read(), tooLate])
      if (chunk === 'too late') return deny('deadline_exceeded', 'the body did not arrive in time')
      if (chunk.done || !body.push(chunk.value)) return body.end()
    }
  } catch {
    return deny('request_malformed', 'the body broke off')
  } finally {
    cancelTimeout()
    // What is left unread is of no interest, and neither is how discarding it ends.
    reader.cancel().catch(() => undefined)
  }
}
