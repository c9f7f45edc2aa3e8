import { Buffer } from 'node:buffer'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Clock, Denial } from '@behalf/core'
import type { HookAnswer } from '../../okta/answer.ts'
import type { Connections } from './connections.ts'

/** What the answers to unreadable requests need. */
export interface UnreadableRequestOptions {
  readonly refuse: (denial: Denial) => HookAnswer
  readonly connections: Connections
  readonly clock: Clock
  /** How long the sender may take to take its answer, or to send a first byte. */
  readonly closeAfterMs: number
}

/**
 * Makes a listener for `clientError` that answers what Node's HTTP parser gives up on: with a denial, in place of
 * Node's own 400, 408 or 431, which would make Okta issue the plain token. A request that was handed over already is
 * answered by whoever has it. What has timed out is first given a turn of the event loop, because a busy process may
 * have it and not have looked at it yet.
 */
export function answerUnreadable(
  options: UnreadableRequestOptions,
): (error: NodeJS.ErrnoException, connection: Duplex) => void {
  // The parser complains about every further piece of what it has given up on.
  const known = new WeakSet<Duplex>()
  return (error, connection) => {
    if (known.has(connection)) return
    if (!(connection instanceof Socket) || !connection.writable) {
      connection.destroy()
    } else if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') {
      giveOneMoreTurn(connection, options)
    } else {
      known.add(connection)
      if (!options.connections.breakOff(connection))
        end(connection, { code: 'request_malformed', detail: 'it cannot be read as HTTP' }, options)
    }
  }
}

function giveOneMoreTurn(connection: Socket, options: UnreadableRequestOptions): void {
  // The next turn's input is handled between the two.
  setImmediate(() =>
    setImmediate(() => {
      if (options.connections.isBusy(connection)) return
      // Load balancers open connections ahead of requests.
      if (connection.bytesRead === 0) connection.setTimeout(options.closeAfterMs)
      else
        end(connection, { code: 'deadline_exceeded', detail: 'its headers did not arrive in time' }, options)
    }),
  )
}

/** The rest is read and forgotten: a connection closed with input unread is reset, and its sender sees no answer. */
function end(
  connection: Socket,
  denial: Denial,
  { refuse, clock, closeAfterMs }: UnreadableRequestOptions,
): void {
  if (!connection.writable) return
  const { headers, body } = refuse(denial)
  const length = Buffer.byteLength(body)
  const lines = Object.entries({ ...headers, 'content-length': length, connection: 'close' })
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  connection.once(
    'close',
    clock.schedule(() => connection.destroy(), closeAfterMs),
  )
  connection.end(`HTTP/1.1 200 OK\r\n${head}\r\n${body}`)
}
