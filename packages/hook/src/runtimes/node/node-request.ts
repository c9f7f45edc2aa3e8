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

const broken = deny('request_malformed', 'the body broke off')
const tooLate = deny('deadline_exceeded', 'the body did not arrive in time')

/** The body of a request, until it was read or nobody wants it any more. */
export class NodeBody {
  readonly #request: IncomingMessage
  readonly #maxBytes: number
  readonly #onInput: () => void
  #wasWanted = false
  #brokeOff = false
  #isAbandoned = false
  #settle: ((outcome: Result<string, Denial>) => void) | undefined

  /** @param onInput - told of every piece that comes in while it is read */
  constructor(request: IncomingMessage, maxBytes: number, onInput: () => void) {
    this.#request = request
    this.#maxBytes = maxBytes
    this.#onInput = onInput
  }

  /** Reads within the limit, at once when all has come in; what comes after the limit is left unread. */
  read(space: BodySpace): Result<string, Denial> | Promise<Result<string, Denial>> {
    this.#wasWanted = true
    if (this.#isAbandoned) return tooLate
    const body = new Body(this.#maxBytes, space)
    if (this.#request.complete) {
      const bytes: Buffer | null = this.#request.read()
      if (bytes !== null) body.push(bytes)
      return body.end()
    }
    return this.#brokeOff ? broken : this.#receive(body)
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
    this.#settle?.(broken)
  }

  /** Has whoever still reads it stop, and nobody begin. */
  abandon(): void {
    this.#isAbandoned = true
    this.#settle?.(tooLate)
  }

  #receive(body: Body): Promise<Result<string, Denial>> {
    return new Promise((resolve) => {
      const request = this.#request
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
}
