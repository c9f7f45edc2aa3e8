import {
  aBoolean,
  aFunction,
  anObject,
  assertOptions,
  aWholeNumber,
  findOptionFaults,
  type OptionRules,
  oneOf,
  refuseOptions,
} from '@behalf/core/internal'
import { describe, expect, it } from 'vitest'

const rules: OptionRules = {
  colour: { ...oneOf('red', 'green'), required: true },
  limit: aWholeNumber(1, 9),
  inner: anObject({ on: { ...aBoolean, required: true }, hook: aFunction }),
}

describe('options', () => {
  it('are refused with all faults at once, by path and without values', () => {
    const options = { colour: 'secret', limit: 10, inner: { hook: 'secret', hok: 'secret' }, size: 'secret' }
    expect(() => assertOptions('paint', options, rules)).toThrowErrorMatchingInlineSnapshot(`
      [TypeError: paint: the options are unusable
      - colour: expected 'red' or 'green'
      - limit: expected a whole number from 1 to 9
      - inner.on: missing; expected true or false
      - inner.hook: expected a function
      - inner.hok: unknown; expected one of on, hook
      - size: unknown; expected one of colour, limit, inner]
    `)
  })

  it.each<[string, unknown, readonly string[]]>([
    ['all', { colour: 'red', limit: 9, inner: { on: false, hook: () => undefined } }, []],
    ['what is required', { colour: 'green' }, []],
    ['nothing', {}, ["colour: missing; expected 'red' or 'green'"]],
    ['undefined', { colour: undefined }, ["colour: expected 'red' or 'green'"]],
    [
      'an optional one undefined',
      { colour: 'red', limit: undefined },
      ['limit: expected a whole number from 1 to 9'],
    ],
    ['an inherited one', Object.create({ colour: 'red' }), ["colour: missing; expected 'red' or 'green'"]],
    ['one hidden from a listing', hidden('colour', 'blue'), ["colour: expected 'red' or 'green'"]],
    ['an object that is none', { colour: 'red', inner: null }, ['inner: expected an object']],
    ['a list for an object', { colour: 'red', inner: [] }, ['inner.on: missing; expected true or false']],
    [
      'a name that every object has',
      { colour: 'red', constructor: 1 },
      ['constructor: unknown; expected one of colour, limit, inner'],
    ],
    [
      '__proto__ out of JSON',
      JSON.parse('{"colour":"red","__proto__":{"limit":0}}'),
      ['__proto__: unknown; expected one of colour, limit, inner'],
    ],
  ])('with %s', (_, options, faults) => {
    expect(findOptionFaults(options, rules)).toEqual(faults)
  })

  it.each([undefined, null, 'text', 7, () => undefined])(
    'that are no object but %s are refused',
    (options) => {
      expect(() => assertOptions('paint', options, rules)).toThrow(
        new TypeError('paint: the options are unusable\n- expected an object'),
      )
    },
  )

  it('without faults are not refused', () => {
    expect(() => refuseOptions('paint', [])).not.toThrow()
  })
})

function hidden(name: string, value: unknown): object {
  return Object.defineProperty({}, name, { value, enumerable: false })
}
