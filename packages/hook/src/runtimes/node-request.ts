import type { IncomingMessage } from 'node:http'
import { type Clock, deny, type Outcome } from '@behalf/core'
import { Body } from './body.ts'

/** The path that a request is for; proxies send the whole URL instead (RFC 9112 §3.2.2). */
export function pathOf({ url = '' }: IncomingMessage): string {
  return /^(?:https?:\/\/[^/?#]*)?([^?#]*)/i.exec(url)?.[1] ?? ''
}

/** The headers as they were sent: every value, names in lower case. */
export function listHeaders(request: IncomingMessage): ReadonlyMap<string, readonly string[]> {
  const headers = new Map<string, readonly string[]>()
  for (const [name, values] of Object.entries(request.headersDistinct))
    if (values !== undefined) headers.set(name, values)
  return headers
}

/** Reads the body within a limit and a time; what comes after either is left unread. */
export function readBody(
  request: IncomingMessage,
  maxBytes: number,
  timeoutMs: number,
  clock: Clock,
): Promise<Outcome<string>> {
  return new Promise((resolve) => {
    const body = new Body(maxBytes)
    const settle = (outcome: Outcome<string>): void => {
      cancelTimeout()
      request.removeAllListeners('data')
      request.removeAllListeners('end')
      resolve(outcome)
    }
    const cancelTimeout = clock.schedule(
      () => settle(deny('deadline_exceeded', 'the body did not arrive in time')),
      Math.max(0, timeoutMs),
    )
    request.on('data', (chunk: Buffer) => {
      if (!body.push(chunk)) settle(body.end())
    })
    request.on('end', () => settle(body.end()))
    request.on('error', () => settle(deny('request_malformed', 'the body broke off')))
  })
}
