import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Exchange } from '../exchanges/exchange.ts'
import type { ExchangeLog } from '../exchanges/exchange-log.ts'
import { ApiFault } from '../http/api-fault.ts'

const maxSubscribers = 50
const heartbeatMs = 15_000
/** Whoever reads so slowly is sent away, and comes back with the id of the last event. */
const maxUnreadBytes = 8 * 1024 * 1024

/** Tells browsers and programs of exchanges as server-sent events. */
export class EventStream {
  readonly #log: ExchangeLog
  #subscribers = 0

  constructor(log: ExchangeLog) {
    this.#log = log
  }

  /**
   * Sends what has changed since a revision, and then every change.
   *
   * @throws ApiFault when too many listen already
   * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
   */
  open(request: IncomingMessage, response: ServerResponse, after: number): void {
    if (this.#subscribers >= maxSubscribers)
      throw new ApiFault('E0000047', `At most ${maxSubscribers} may listen at a time.`)
    this.#subscribers++
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-store',
      'x-accel-buffering': 'no',
    })
    response.write('retry: 1000\n\n')
    const send = (exchange: Exchange): void => {
      if (response.writableLength > maxUnreadBytes) response.destroy()
      else response.write(eventOf(exchange))
    }
    for (const exchange of this.#log.since(after)) send(exchange)
    const unsubscribe = this.#log.listen(send)
    const heartbeat = setInterval(() => response.write(': still here\n\n'), heartbeatMs).unref()
    const end = (): void => {
      unsubscribe()
      clearInterval(heartbeat)
      this.#subscribers--
    }
    response.once('close', end)
    request.resume()
  }
}

/** JSON has no line breaks of its own, so one line of data will do. */
function eventOf(exchange: Exchange): string {
  return `id: ${exchange.revision}\nevent: exchange\ndata: ${JSON.stringify(exchange)}\n\n`
}
