import type { Denial, Result } from '@behalf/core'
import { fail, pass } from '@behalf/core/internal'
import type { BodySpace } from '../pipeline/body-space.ts'

/** A request body as it comes in: UTF-8 text within a limit, and within what is left of what all share. */
export class Body {
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  readonly #maxBytes: number
  readonly #space: BodySpace
  #text = ''
  #bytes = 0
  #denial: Denial | undefined

  constructor(maxBytes: number, space: BodySpace) {
    this.#maxBytes = maxBytes
    this.#space = space
  }

  /** Takes the next bytes and returns whether more are wanted. */
  push(chunk: Uint8Array): boolean {
    this.#bytes += chunk.byteLength
    if (this.#bytes > this.#maxBytes) {
      return this.#refuse({
        code: 'request_malformed',
        detail: `the body is larger than ${this.#maxBytes} bytes`,
      })
    }
    if (!this.#space.take(chunk.byteLength))
      return this.#refuse({ code: 'overloaded', detail: 'too much of other bodies is held' })
    return this.#decode(chunk)
  }

  /** The whole text, or a denial: `request_malformed`, or `overloaded` where it found no room. */
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
      return this.#refuse({ code: 'request_malformed', detail: 'the body is not UTF-8' })
    }
  }

  #refuse(denial: Denial): false {
    this.#denial = denial
    this.#text = ''
    return false
  }
}

/** Decodes a body that is there already. */
export function decodeBody(bytes: Uint8Array, maxBytes: number): Result<string, Denial> {
  const body = new Body(maxBytes, { take: () => true })
  body.push(bytes)
  return body.end()
}
