import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as v from 'valibot'
import { describe, expect, it, test } from 'vitest'
import { hookConfiguration, renderConfiguration, sidecarConfiguration } from './configuration.ts'
import { documentedMembers } from './doc-comments.ts'
import { readRule } from './setting-rules.ts'

test.each([hookConfiguration, sidecarConfiguration])(
  'the tables of $path are what comments and rules say; if not, run tools/reference/configuration.ts',
  (configuration) => {
    const document = readFileSync(configuration.path, 'utf8')
    expect(document).toBe(renderConfiguration(document, configuration))
  },
)

test('a table that stands nowhere, or is of nothing, is told', () => {
  expect(() => renderConfiguration('')).toThrow(/no place for the table of HookVariables, BehalfConfig/)
  expect(() => renderConfiguration('<!-- table of Nothing -->\n<!-- end of table -->')).toThrow(/Nothing/)
})

describe('a doc comment', () => {
  const folder = mkdtempSync(join(tmpdir(), 'behalf-reference-'))
  const read = (members: string) => {
    const file = join(folder, 'source.ts')
    writeFileSync(file, `export interface Some extends Other {\n${members}\n}\n`)
    try {
      return documentedMembers(file, 'Some')
    } finally {
      rmSync(folder, { recursive: true })
    }
  }

  it('says meaning, range and default', () => {
    expect(
      read(
        [
          '  /** What it is. */',
          '  readonly one: string',
          '  /**',
          '   * Sets it: see there. A thing of 5 to 6 parts. 1 024 to',
          '   * 2 048. Default 1 500.',
          '   */',
          '  readonly two?: number | undefined',
          "  /** What for. Default `['a']`. */",
          '  readonly three?: (of: string) => void',
        ].join('\n'),
      ),
    ).toEqual([
      { name: 'one', isOptional: false, meaning: 'What it is.', range: undefined, fallback: undefined },
      {
        name: 'two',
        isOptional: true,
        meaning: 'Sets it: see there. A thing of 5 to 6 parts.',
        range: '1 024 to 2 048',
        fallback: '1 500',
      },
      { name: 'three', isOptional: true, meaning: 'What for.', range: undefined, fallback: "`['a']`" },
    ])
  })
})

test.each([
  [
    v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(1_048_576)), 65_536),
    '1 to 1 048 576',
    '65 536',
    false,
  ],
  [v.pipe(v.array(v.string()), v.minLength(1)), undefined, undefined, true],
  [v.optional(v.picklist(['a', 'b']), 'a'), undefined, "`'a'`", false],
  [v.optional(v.array(v.string()), ['RS256', 'ES256']), undefined, "`['RS256', 'ES256']`", false],
  [{ expected: 'a whole number from 0 to 65535', holds: () => true }, '0 to 65 535', undefined, false],
  [undefined, undefined, undefined, false],
])('a rule tells its range and default (%#)', (rule, range, fallback, needsOne) => {
  const { range: foundRange, fallback: foundFallback, needsOne: foundNeed } = readRule(rule)
  expect([foundRange, foundFallback, foundNeed]).toEqual([range, fallback, needsOne])
})
