import type { Denial, Result } from '@behalf/core'
import { fail, pass } from '@behalf/core/internal'

/** A request body as it comes in: UTF-8 text within a limit. */
export class Body {
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  readonly #maxBytes: number
  #text = ''
  #bytes = 0
  #denial: Denial | undefined

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Takes the next bytes and returns whether more are wanted. */
  push(chunk: Uint8Array): boolean {
    this.#bytes += chunk.byteLength
    if (this.#bytes > this.#maxBytes) return this.#refuse(`the body is larger than ${this.#maxBytes} bytes`)
    return this.#decode(chunk)
  }

  /** The whole text, or the denial `request_malformed`. */
  end(): Result<string, Denial> {
    if (this.#denial === undefined) this.#decode(undefined)
    return this.#denial === undefined ? pass(this.#text) : fail(this.#denial)
  }

  #decode(chunk: Uint8Array | undefined): boolean {
    try {
      this.#text +=
        chunk === undefined ? this.#decoder.decode() : this.#decoder.decode(chunk, { stream: true })
      return true
    } catch {
      return this.#refuse('the body is not UTF-8')
    }
  }

  #refuse(detail: string): false {
    this.#denial = { code: 'request_malformed', detail }
    this.#text = ''
    return false
  }
}

/** Decodes a body that is there already. */
export function decodeBody(bytes: Uint8Array, maxBytes: number): Result<string, Denial> {
  const body = new Body(maxBytes)
  body.push(bytes)
  return body.end()
}
