import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '@behalf/core'
import type { TurnEnd } from '@behalf/core/internal'
import { type Hook, latestAnswerMs } from '../../hook.ts'
import type { BodyReader } from '../../pipeline/exchange.ts'
import { headersOf, type NodeBody } from './node-request.ts'

/** How long a connection may take to send the rest of a request that was answered. */
const slowSenderMs = 5_000
/** How much is still read of what a caller sends who has not authenticated: more than Okta's events have. */
const mostForgottenBytes = 16_384

/** What requests are answered with. */
export interface Answering {
  readonly hook: Hook
  readonly turnEnd: TurnEnd
  readonly clock: Clock
  readonly isStopping: () => boolean
}

/** A `POST` that is to be answered. */
export interface Incoming {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly body: NodeBody
  /** How long it has been there at least, and at most, in milliseconds. */
  readonly waitedMs: { readonly least: number; readonly most: number }
  readonly otherPath: string | undefined
}

/** Has the hook decide about a `POST`, and answers. */
export async function answerRequest(incoming: Incoming, answering: Answering): Promise<void> {
  const { request, response, body, otherPath } = incoming
  const { hook, turnEnd, clock, isStopping } = answering
  const waitedMs = shiftedWait(incoming.waitedMs, hook.limits.deadlineMs)
  let readAtMs = clock.now()
  const readBody: BodyReader = async (space) => {
    if (expectsContinue(request)) response.writeContinue()
    // Most bodies come with their headers, and are there by then.
    await turnEnd.reached()
    const read = body.read(space)
    if (!(read instanceof Promise)) return read
    await read
    readAtMs = clock.now()
    await turnEnd.reached()
    return read
  }
  const {
    status,
    headers,
    body: text,
  } = await hook.handle({
    headers: headersOf(request),
    body: readBody,
    isOverdue: () => waitedMs + clock.now() - readAtMs > hook.limits.deadlineMs / 2,
    otherPath,
    arrivedAtMs: readAtMs - waitedMs,
  })
  body.abandon()
  const isUnread = !request.complete && !request.destroyed
  if (isUnread || body.brokeOff || isStopping()) response.setHeader('connection', 'close')
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(text) })
  if (!isUnread) {
    response.end(text)
    return
  }
  const cancel = clock.schedule(() => request.destroy(), slowSenderMs)
  request.once('close', cancel)
  response.write(text)
  // A connection that is closed with input unread is reset, and its sender would see that in place of the answer: it
  // ends when the rest has come in and was forgotten, or when there is nothing more to read.
  if (body.brokeOff) request.socket.end()
  else forgetRest(incoming, turnEnd)
}

/** Reads what is left of a request and forgets it; of one that nobody wanted only as much as an honest one may have. */
function forgetRest({ request, response, body }: Incoming, turnEnd: TurnEnd): void {
  let forgottenBytes = 0
  request.once('end', () => response.end())
  request.on('data', (chunk: Buffer) => {
    turnEnd.moreInput()
    forgottenBytes += chunk.length
    // Not at once, because the request would take the connection up again.
    if (!body.wasWanted && forgottenBytes > mostForgottenBytes) setImmediate(() => request.socket.pause())
  })
}

/**
 * How long a request counts as having waited: the least, unless the answer could then leave too late for one that has
 * waited the most.
 */
function shiftedWait({ least, most }: Incoming['waitedMs'], deadlineMs: number): number {
  const spareMs = Math.max(0, latestAnswerMs - deadlineMs)
  return Math.max(least, most - spareMs)
}

/** Node leaves it to us to say that the body may come. */
export function expectsContinue({ headers, httpVersion }: IncomingMessage): boolean {
  return httpVersion === '1.1' && headers.expect?.toLowerCase() === '100-continue'
}
