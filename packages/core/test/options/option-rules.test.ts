import { systemClock } from '@behalf/core'
import {
  aBoolean,
  aClock,
  aFunction,
  aListOf,
  aName,
  aNameOrNames,
  anObject,
  anObjectWithMethods,
  aPlainUrl,
  aUrl,
  aWholeNumber,
  hostNames,
  names,
  type OptionRule,
  oneOf,
} from '@behalf/core/internal'
import { describe, expect, it } from 'vitest'

class Store {
  get(): void {}
}
const short = aListOf('short texts', (item) => typeof item === 'string' && item.length < 3)
const base = 'https://b.example/path'

describe.each<[string, OptionRule, readonly unknown[], readonly unknown[]]>([
  ['aFunction', aFunction, [Date.now, class {}], [undefined, null, {}, 'f']],
  ['aBoolean', aBoolean, [true, false], [undefined, 0, 'true']],
  [
    'aWholeNumber(0)',
    aWholeNumber(0),
    [0, 7, Number.MAX_SAFE_INTEGER],
    [-1, 0.5, Number.NaN, Infinity, 2 ** 53, '1', 1n],
  ],
  ['aWholeNumber(2, 4)', aWholeNumber(2, 4), [2, 3, 4], [1, 5, undefined]],
  ['oneOf', oneOf('a', 'b'), ['a', 'b'], ['c', '', undefined, ['a']]],
  ['aListOf', short, [['a'], ['ab', 'c']], [[], ['abc'], ['a', 1], 'a', { 0: 'a', length: 1 }, [undefined]]],
  ['anObject', anObject({}), [{}, new Store()], [null, undefined, 'x', Date.now]],
  [
    'anObjectWithMethods',
    anObjectWithMethods('a store', 'get'),
    [new Store(), { get: Date.now }],
    [{}, { get: 1 }, null],
  ],
  ['aClock', aClock, [systemClock], [Date, {}, { now: Date.now }, undefined]],
  ['aName', aName, ['0oaApiA', 'api://b'], ['', ' a', 'a\n', 'x'.repeat(256), 7, undefined]],
  ['names', names, [['a'], ['a', 'b']], [[], 'a', ['a', ''], undefined]],
  ['aNameOrNames', aNameOrNames, ['a', ['a', 'b']], [[], '', [''], undefined]],
  [
    'aUrl',
    aUrl(new Set()),
    [base, `${base}?x=1`, 'http://127.0.0.1:8080/'],
    ['http://b.example/', `${base}#x`, 'https://u:p@b.example/', 'b.example', 7],
  ],
  [
    'aPlainUrl',
    aPlainUrl(new Set()),
    [base, 'http://localhost:1/a'],
    [`${base}?x=1`, `${base}#`, `${base}"`, `${base}\\`, `${base} x`, 'http://b.example/'],
  ],
  [
    'aUrl, with a host that is named',
    aUrl(new Set(['b.default.svc.cluster.local'])),
    ['http://b.default.svc.cluster.local:3002/x?y=1', base],
    [
      'http://a.default.svc.cluster.local/',
      'http://u@b.default.svc.cluster.local/',
      'ftp://b.default.svc.cluster.local/',
    ],
  ],
  [
    'hostNames',
    hostNames,
    [['b.default.svc.cluster.local'], ['b', '10.0.0.1', '[::1]']],
    [[], 'b', ['B'], ['http://b'], ['b:80'], ['*'], ['*.local'], ['b/'], [''], [7]],
  ],
])('%s', (_, { holds }, good, bad) => {
  it.each(good.map((value) => [value]))('takes %o', (value) => {
    expect(holds(value)).toBe(true)
  })
  it.each(bad.map((value) => [value]))('refuses %o', (value) => {
    expect(holds(value)).toBe(false)
  })
})
