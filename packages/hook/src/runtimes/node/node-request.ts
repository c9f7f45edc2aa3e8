import type { IncomingMessage } from 'node:http'
import type { Clock, Denial, Result } from '@behalf/core'
import { deny } from '@behalf/core/internal'
import type { Headers } from '../../pipeline/exchange.ts'
import { Body } from '../body.ts'

/** The headers as they were sent: every value, names in lower case. Few are asked for, so none is listed before. */
export function headersOf({ rawHeaders }: IncomingMessage): Headers {
  return {
    get(wanted) {
      let found: string[] | undefined
      for (let index = 0; index < rawHeaders.length; index += 2) {
        const [name, value] = [rawHeaders[index], rawHeaders[index + 1]]
        if (name?.length !== wanted.length || value === undefined || name.toLowerCase() !== wanted) continue
        if (found === undefined) found = [value]
        else found.push(value)
      }
      return found
    },
  }
}

/** Reads the body within a limit and a time; what comes after either is left unread. */
export function readBody(
  request: IncomingMessage,
  maxBytes: number,
  timeoutMs: number,
  clock: Clock,
): Promise<Result<string, Denial>> {
  return new Promise((resolve) => {
    const body = new Body(maxBytes)
    const settle = (outcome: Result<string, Denial>): void => {
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
