import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { placeOfJsonFault } from '../../src/policy/cedar/json-fault.ts'

describe('the place at which a text stops being JSON', () => {
  it.each([
    ['[\n  { "a": 1, }\n]', 2, 13],
    ['{\n  "a" 1\n}', 2, 7],
    ['[1,\n]', 2, 1],
    ["{ 'a': 1 }", 1, 3],
    ['[1 2]', 1, 4],
    ['[1}', 1, 3],
    ['// none\n[]', 1, 1],
    ['[]\n]', 2, 1],
    ['', 1, 1],
    ['{"a": [1', 1, 9],
    ['{"a": "b\n"}', 1, 7],
    ['{{}: 1}', 1, 2],
    ['[01]', 1, 2],
    ['["a": 1]', 1, 5],
    ['{"a": 1, 2}', 1, 10],
  ])('of %j is line %i, column %i', (text, line, column) => {
    expect(placeOfJsonFault(text)).toEqual({ line, column })
  })

  it('is behind the end of one that is cut off, and of all JSON nowhere before it', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), (text) => {
        expect(placeOfJsonFault(`${text}\n!`)).toEqual({ line: 2, column: 1 })
      }),
    )
  })
})
