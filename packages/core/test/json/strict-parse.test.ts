import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { parseStrictJson } from '../../src/json/strict-parse.ts'

const depth = 16
const faultOf = (text: string, maxDepth = depth): string | undefined => {
  const outcome = parseStrictJson(text, maxDepth)
  return outcome.ok ? undefined : outcome.fault
}

/** Objects as lists of written members, so that names can come twice. */
type Written = string | readonly Written[] | { readonly members: readonly (readonly [string, Written])[] }

const names = fc.oneof(
  fc.constantFrom(
    '',
    'a',
    'b',
    '__proto__',
    'constructor',
    'toString',
    '0',
    '1',
    ':',
    '"',
    '\\',
    '\\"',
    '{',
    '}',
    'ä',
    '😀',
  ),
  fc.string({ unit: 'binary', maxLength: 3 }),
)
/** Whole numbers beyond 2^53 are refused, and tried on their own. */
const exact = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_name, member: unknown) =>
    typeof member === 'number' && Number.isInteger(member) && !Number.isSafeInteger(member) ? 0.5 : member,
  )
const { document: documents } = fc.letrec<{ document: Written }>((tie) => ({
  document: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.jsonValue({ maxDepth: 0 }).map((value) => JSON.stringify(exact(value))),
    fc.array(tie('document'), { maxLength: 4 }),
    fc.record({ members: fc.array(fc.tuple(names, tie('document')), { maxLength: 4 }) }),
  ),
}))

function hasDuplicates(written: Written): boolean {
  if (typeof written === 'string') return false
  if (!('members' in written)) return written.some(hasDuplicates)
  const { members } = written
  return (
    new Set(members.map(([name]) => name)).size < members.length ||
    members.some(([, value]) => hasDuplicates(value))
  )
}

/** Writes a document down; every name in one of the spellings that JSON allows, with some white space. */
function write(written: Written, spell: (name: string) => string, gap: string): string {
  if (typeof written === 'string') return written
  if (!('members' in written))
    return `[${gap}${written.map((item) => write(item, spell, gap)).join(`,${gap}`)}${gap}]`
  const members = written.members.map(
    ([name, value]) => `${spell(name)}${gap}:${gap}${write(value, spell, gap)}`,
  )
  return `{${gap}${members.join(`${gap},${gap}`)}${gap}}`
}

const escapeAll = (name: string): string =>
  `"${name
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')}"`

describe('parseStrictJson', () => {
  test('reads every text that names no member twice as it was meant', () => {
    // Compared with the value itself, because JSON.parse may misname members (see readWellFormedJson).
    fc.assert(
      fc.property(fc.jsonValue().map(exact), fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
        const outcome = parseStrictJson(JSON.stringify(value, undefined, indent), 1_000)
        expect(outcome.ok && JSON.stringify(outcome.value)).toBe(JSON.stringify(value))
      }),
    )
  })

  test('agrees with JSON.parse where no name has an escape', () => {
    const value = fc
      .jsonValue()
      .map(exact)
      .filter((candidate) => !JSON.stringify(candidate).includes('\\'))
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 1), (written, indent) => {
        const text = JSON.stringify(written, undefined, indent)
        expect(parseStrictJson(text, 1_000)).toEqual({ ok: true, value: JSON.parse(text) })
      }),
    )
  })

  test('refuses a member named twice at any depth and in any spelling, and nothing else', () => {
    fc.assert(
      fc.property(
        documents,
        fc.func(fc.boolean()),
        fc.constantFrom('', ' ', '\r\n\t'),
        (document, escaped, gap) => {
          const text = write(
            document,
            (name) => (escaped(name) ? escapeAll(name) : JSON.stringify(name)),
            gap,
          )
          expect(faultOf(text)).toBe(hasDuplicates(document) ? 'duplicate_member' : undefined)
        },
      ),
      { numRuns: 500 },
    )
  })

  test('takes any text at all, and calls malformed what JSON.parse refuses or takes for another number', () => {
    const jsonLike = fc.string({ unit: fc.constantFrom(...'{}[]":,\\u0e1-.tfn \n'), maxLength: 30 })
    fc.assert(
      fc.property(fc.oneof(jsonLike, fc.string({ unit: 'binary' })), (text) => {
        let parses = true
        try {
          JSON.parse(text, (_name, value: unknown) => {
            if (typeof value === 'number' && Number.isInteger(value) !== Number.isSafeInteger(value))
              parses = false
            if (typeof value === 'number' && !Number.isFinite(value)) parses = false
            return value
          })
        } catch {
          parses = false
        }
        const fault = faultOf(text, 1_000)
        expect(fault === undefined || fault === 'duplicate_member').toBe(parses)
      }),
      { numRuns: 2_000 },
    )
  })

  it.each([
    ['{"a":1,"a":1}'],
    ['{"a":1,"\\u0061":2}'],
    ['{"\\u0061":1,"\\u0061":2}'],
    ['{"":1,"":2}'],
    ['{"__proto__":1,"__proto__":2}'],
    ['{"__proto__":{"a":1},"\\u005f_proto__":{}}'],
    ['{"a":{"b":[{"c":1,"c":2}]}}'],
    ['[[{"a":{},"a":{"a":{"a":1}}}]]'],
    ['{"a":[1,2,3],"b":{"x":":"},"a":":"}'],
    ['{"1":1,"1":1}'],
    ['{"\\"":1,"\\u0022":1}'],
    ['{"\\/":1,"/":1}'],
    ['{"\\ud83d\\ude00":1,"😀":1}'],
  ])('refuses %s as duplicate', (text) => {
    expect(JSON.parse(text)).toBeDefined()
    expect(faultOf(text)).toBe('duplicate_member')
  })

  it.each([
    ['{"a":1,"A":1}'],
    ['{"a":{"a":{"a":1}}}'],
    ['[{"a":1},{"a":1}]'],
    ['{"é":1,"e\\u0301":1}'],
    ['{"__proto__":{"__proto__":1},"constructor":{"prototype":{}}}'],
    ['{"a":":\\":{[,","b:":"\\\\"}'],
    ['{"a":"\\\\","b":"\\\\\\"","c":"}"}'],
    ['"a:b:c"'],
    ['0'],
    [' null '],
    ['{"a":"\\ud83d\\ude00"}'],
    ['{"a":"\\\\ud800"}'],
    ['{"a":9007199254740991,"b":-9007199254740991,"c":1e15,"d":0.1,"e":-1e-999}'],
  ])('accepts %s', (text) => {
    const outcome = parseStrictJson(text, depth)
    expect(outcome.ok && JSON.stringify(outcome.value)).toBe(JSON.stringify(JSON.parse(text)))
  })

  it.each([
    ['{"a":"\\ud800"}'],
    ['{"\\uDFFF":1}'],
    ['{"\\ud800":1,"\\uD800":2}'],
    ['{"a":[{"b":["\\ude00\\ud83d"]}]}'],
    ['{"a":"\ud800"}'],
    ['{"\udc00":1}'],
    ['{"a":1e309}'],
    ['[[-1e999]]'],
    ['{"a":9007199254740992}'],
    ['{"a":9007199254740993}'],
    ['[-9007199254740993]'],
    ['[1e308]'],
    [`{"a":1${'0'.repeat(400)}}`],
  ])('refuses %s, which cannot be written again as it was', (text) => {
    expect(JSON.parse(text)).toBeDefined()
    expect(faultOf(text)).toBe('malformed')
  })

  it.each([
    ['{"iss":1,"su\\\\":1}', '{"iss":1,"su\\u0062":2}', ['iss', 'sub']],
    ['{"":1,"\\\\":1}', '{"":1,"\\"":2}', ['', '"']],
    ['{"u":1,"https:\\\\/\\\\/a":1}', '{"u":1,"https:\\/\\/abc":2}', ['u', 'https://abc']],
    ['{"x":1,"exp\\\\u0":1,"y":1}', '{"x":1,"exp\\u0061bc":2,"y":3}', ['x', 'expabc', 'y']],
  ])('reads names as written, whatever was parsed before (%s, then %s)', (before, text, written) => {
    expect(JSON.parse(before)).toBeDefined()
    const outcome = parseStrictJson(text, depth)
    expect(outcome.ok && Object.keys(outcome.value ?? {})).toEqual(written)
  })

  test('keeps __proto__ an ordinary member', () => {
    const outcome = parseStrictJson('{"__proto__":{"admin":true}}', depth)
    if (!outcome.ok) throw new Error(outcome.fault)
    expect(Object.keys(outcome.value ?? {})).toEqual(['__proto__'])
    expect(outcome.value).not.toHaveProperty('admin')
  })

  it.each([
    [''],
    ['\ufeff{}'],
    ['{}\0'],
    ['{"a":1}{"a":1}'],
    ['{"a":1,}'],
    ["{'a':1}"],
    ['{"a":01}'],
    ['{"a":NaN}'],
    ['{"a":1'],
    ['"a'],
    ['"a\\"'],
    ['"\\'],
    ['{"a"::1}'],
    [']]]]'],
    ['{"a":"\n"}'],
  ])('refuses %j as malformed', (text) => {
    expect(faultOf(text)).toBe('malformed')
  })

  test('limits the depth of arrays and objects together, brackets in strings not counted', () => {
    expect(faultOf('[{"a":[{}]}]', 4)).toBeUndefined()
    expect(faultOf('[{"a":[{}]}]', 3)).toBe('too_deep')
    expect(faultOf('["[[[[{{{{"]', 1)).toBeUndefined()
    expect(faultOf('[[],[],[{}]]', 3)).toBeUndefined()
    expect(faultOf('1', 0)).toBeUndefined()
  })

  test('does not recurse into a million brackets', () => {
    expect(faultOf('['.repeat(1_000_000))).toBe('too_deep')
    expect(faultOf(`${']'.repeat(1_000_000)}${'['.repeat(2_499)}`)).toBe('malformed')
  })

  test.each([
    ['items', (values: number) => `[${Array.from({ length: values - 1 }, () => '0').join()}]`],
    ['objects', (values: number) => `[${Array.from({ length: (values - 1) / 2 }, () => '{}').join()}]`],
    [
      'members with escaped names',
      (values: number) => `{${Array.from({ length: values - 1 }, (_, index) => `"\\n${index}":0`).join()}}`,
    ],
  ])('takes as many %s as may be, and no more', (_what, write) => {
    expect(faultOf(write(2_499))).toBeUndefined()
    expect(faultOf(write(20_001))).toBe('too_many_values')
    expect(faultOf(`"${'[,{'.repeat(20_000)}"`)).toBeUndefined()
  })

  it.each([
    ['escaped quotes', `"${'\\"'.repeat(500_000)}"`],
    ['escaped backslashes', `"${'\\\\'.repeat(500_000)}"`],
    ['backslashes without an end', `"${'\\'.repeat(1_000_000)}`],
    ['colons', ':'.repeat(1_000_000)],
    ['members', `{${Array.from({ length: 100_000 }, (_, index) => `"${index}":0`).join(',')}}`],
  ])('takes a megabyte of %s in linear time', (_what, text) => {
    const startedAt = performance.now()
    parseStrictJson(text, depth)
    // A quadratic scan takes minutes here.
    expect(performance.now() - startedAt).toBeLessThan(2_000)
  })
})
