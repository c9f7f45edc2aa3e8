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
  const tokens = /[{}[\],:"]|[^\s{}[\],:"]+/g
  const next = (): string => {
    const match = tokens.exec(text)
    if (match === null) throw new SyntaxError('the text ends too early')
    if (match[0] !== '"') return match[0]
    tokens.lastIndex = endOfString(text, match.index) + 1
    return text.slice(match.index, tokens.lastIndex)
  }
  const read = (first: string): Json => {
    if (first === '[') {
      const items: Json[] = []
      for (let token = next(); token !== ']'; token = next()) if (token !== ',') items.push(read(token))
      return items
    }
    if (first === '{') {
      const members: [string, Json][] = []
      for (let token = next(); token !== '}'; token = next()) {
        if (token === ',') continue
        next() // the colon
        members.push([JSON.parse(token), read(next())])
      }
      return Object.fromEntries(members)
    }
    return JSON.parse(first)
  }
  return read(next())
}
