import type { IncomingMessage } from 'node:http'
import type { Denial, Result } from '@behalf/core'
import { deny } from '@behalf/core/internal'
import type { BodySpace } from '../../pipeline/body-space.ts'
import type { Headers } from '../../pipeline/exchange.ts'
import { Body } from '../body.ts'

/** Returns the headers as they were sent: every value, names in lower case. Few are asked for, so none is listed before. */
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

/** The body of a request, until it was read or nobody wants it any more. */
export class NodeBody {
  readonly #request: IncomingMessage
  readonly #maxBytes: number
  readonly #onInput: () => void
  #wasWanted = false
  #brokeOff = false
  #settle: ((outcome: Result<string, Denial>) => void) | undefined

  /** @param onInput - told of every piece that comes in while it is read */
  constructor(request: IncomingMessage, maxBytes: number, onInput: () => void) {
    this.#request = request
    this.#maxBytes = maxBytes
    this.#onInput = onInput
  }

  /** Reads within the limit; what comes after it is left unread. */
  read(space: BodySpace): Promise<Result<string, Denial>> {
    this.#wasWanted = true
    if (this.#brokeOff) return Promise.resolve(deny('request_malformed', 'the body broke off'))
    return new Promise((resolve) => {
      const request = this.#request
      const body = new Body(this.#maxBytes, space)
      const take = (chunk: Buffer): void => {
        this.#onInput()
        if (!body.push(chunk)) this.#settle?.(body.end())
      }
      const end = (): void => this.#settle?.(body.end())
      this.#settle = (outcome) => {
        this.#settle = undefined
        request.off('data', take).off('end', end)
        resolve(outcome)
      }
      request.on('data', take).on('end', end)
    })
  }

  /** Whether anybody wanted it. */
  get wasWanted(): boolean {
    return this.#wasWanted
  }

  /** Whether it ended before its end. */
  get brokeOff(): boolean {
    return this.#brokeOff
  }

  /** To be told when nothing more can be read; whoever reads it is told. */
  breakOff(): void {
    this.#brokeOff = true
    this.#settle?.(deny('request_malformed', 'the body broke off'))
  }

  /** Has whoever still reads it stop. */
  abandon(): void {
    this.#settle?.(deny('deadline_exceeded', 'the body did not arrive in time'))
  }
}
