import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ExchangeChange, ExchangeLog } from '../exchanges/exchange-log.ts'
import type { PolicyBoard, PolicyInForce } from '../exchanges/policy-in-force.ts'
import { ApiFault } from '../http/api-fault.ts'

const maxSubscribers = 50
const heartbeatMs = 15_000

/** Tells browsers and programs of exchanges and policies as server-sent events. */
export class EventStream {
  readonly #log: ExchangeLog
  readonly #policies: PolicyBoard
  #subscribers = 0

  constructor(log: ExchangeLog, policies: PolicyBoard) {
    this.#log = log
    this.#policies = policies
  }

  /**
   * Sends the policies in force, what has changed since a revision, and then every change of either. As much is written as
   * is read: who reads slowly hears of each exchange what is known of it by then, and who reads nothing is sent away.
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
    let told = after === 0 ? this.#log.cleared : after
    let toldPolicy: PolicyInForce | undefined
    const write = (): void => {
      while (!response.writableNeedDrain) {
        const { shown } = this.#policies
        const change = this.#log.changeAfter(told)
        if (shown !== undefined && shown !== toldPolicy) {
          toldPolicy = shown
          response.write(policyEvent(shown))
        } else if (change !== undefined) {
          told = 'cleared' in change ? change.cleared : change.exchange.revision
          response.write(eventOf(change))
        } else return
      }
    }
    response.on('drain', write)
    const endings = [this.#log.listen(write), this.#policies.listen(write)]
    let wasStuck = false
    const heartbeat = setInterval(() => {
      if (!response.writableNeedDrain) response.write(': still here\n\n')
      else if (wasStuck) response.destroy()
      wasStuck = response.writableNeedDrain
    }, heartbeatMs).unref()
    response.once('close', () => {
      for (const end of endings) end()
      clearInterval(heartbeat)
      this.#subscribers--
    })
    request.resume()
    write()
  }
}

/** JSON has no line breaks of its own, so one line of data will do. */
function eventOf(change: ExchangeChange): string {
  return 'cleared' in change
    ? `id: ${change.cleared}\nevent: reset\ndata: {}\n\n`
    : `id: ${change.exchange.revision}\nevent: exchange\ndata: ${JSON.stringify(change.exchange)}\n\n`
}

/** Without an id of its own: whoever resumes is told anyway. */
function policyEvent(policy: PolicyInForce): string {
  return `event: policy\ndata: ${JSON.stringify(policy)}\n\n`
}
