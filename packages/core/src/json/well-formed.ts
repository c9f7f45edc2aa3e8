import type { Json } from './json.ts'
import { endOfString } from './string-literal.ts'

/**
 * Reads a text that `JSON.parse` has accepted, and gives every member the name that is written. `JSON.parse`
 * itself does not, in Node 24 and 26: depending on what was parsed before, it takes a name with an escape in
 * it for another one, so that whoever sends the first text can rename members of the second.
 *
 * @see https://github.com/nodejs/node/issues/63785
 */
export function readWellFormedJson(text: string): Json {
  return new Reader(text).value()
}

const tab = 0x09
const newline = 0x0a
const carriageReturn = 0x0d
const space = 0x20
const quote = 0x22
const comma = 0x2c
const openBracket = 0x5b
const closeBracket = 0x5d
const lowerF = 0x66
const lowerN = 0x6e
const lowerT = 0x74
const openBrace = 0x7b
const closeBrace = 0x7d

/** Whether a character ends a number or a word. */
function ends(code: number): boolean {
  return code === comma || code === closeBracket || code === closeBrace || isBlank(code) || Number.isNaN(code)
}

function isBlank(code: number): boolean {
  return code === space || code === newline || code === tab || code === carriageReturn
}

class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  value(): Json {
    switch (this.#next()) {
      case openBrace:
        return this.#object()
      case openBracket:
        return this.#array()
      case quote:
        return this.#string()
      default:
        return this.#scalar()
    }
  }

  #object(): Json {
    const members: [string, Json][] = []
    while (this.#enters(closeBrace)) {
      const name = this.#string()
      this.#next()
      this.#at++ // the colon
      members.push([name, this.value()])
    }
    return Object.fromEntries(members)
  }

  #array(): Json {
    const items: Json[] = []
    while (this.#enters(closeBracket)) items.push(this.value())
    return items
  }

  /** Steps over what opens the container or parts its members; false when it steps over its end. */
  #enters(close: number): boolean {
    if (this.#next() !== close) this.#at++
    if (this.#next() !== close) return true
    this.#at++
    return false
  }

  #string(): string {
    const end = endOfString(this.#text, this.#at)
    const content = this.#text.slice(this.#at + 1, end)
    this.#at = end + 1
    return content.includes('\\') ? JSON.parse(`"${content}"`) : content
  }

  #scalar(): Json {
    const start = this.#at
    while (!ends(this.#text.charCodeAt(this.#at))) this.#at++
    switch (this.#text.charCodeAt(start)) {
      case lowerT:
        return true
      case lowerF:
        return false
      case lowerN:
        return null
      default:
        return Number(this.#text.slice(start, this.#at))
    }
  }

  /** The next character that is not blank. */
  #next(): number {
    while (isBlank(this.#text.charCodeAt(this.#at))) this.#at++
    return this.#text.charCodeAt(this.#at)
  }
}
