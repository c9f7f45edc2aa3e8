import { filled, type Shape } from '../shape.ts'

/** More than what a hook reads is refused before it is read, so the worst are those just below. */
const mostValues = 2_400

/** Small values in a list or an object: as many as fit, and as many as may be, with blanks up to the length. */
function many(
  name: string,
  value: (index: number) => string,
  isObject = false,
  first = '',
): readonly Shape[] {
  const write = (length: number, count: number): string => {
    const values: string[] = first === '' ? [] : [first]
    let written = first.length + 2
    for (let index = 0; index < count; index++) {
      const next = value(index)
      if (written + next.length + 1 > length) break
      written += next.length + 1
      values.push(next)
    }
    const blanks = count === mostValues ? ' '.repeat(Math.max(0, length - written)) : ''
    return isObject ? `{${values.join(',')}${blanks}}` : `[${values.join(',')}${blanks}]`
  }
  return [
    { name: `${name}, as many as fit`, write: (length) => write(length, Number.POSITIVE_INFINITY) },
    { name: `${name}, as many as may be`, write: (length) => write(length, mostValues) },
  ]
}

const text = (index: number): string => index.toString(36)

/** JSON that costs more than it weighs, and text that is nearly JSON. */
export const jsonShapes: readonly Shape[] = [
  ...many('members', (index) => `"${text(index)}":0`, true),
  ...many('members with escaped names', (index) => `"\\u0061${index}":0`, true),
  ...many('members named with line ends', (index) => `"\\n${text(index)}":0`, true),
  ...many('members beside one with an escaped name', (index) => `"${text(index)}":0`, true, '"\\n":0'),
  ...many('members named with emoji', (index) => `"\\ud83d\\ude00${text(index)}":0`, true),
  ...many('members named by numbers', (index) => `"${index}":0`, true),
  ...many('members named by numbers far apart', (index) => `"${(index * 7_919) % 1e8}":0`, true),
  ...many('members named twice', (index) => `"${text(index % 2_000)}":0`, true),
  ...many('members named __proto__', (index) => `"__proto__${text(index)}":{}`, true),
  ...many('objects', () => '{}'),
  ...many('objects of one form', () => '{"a":1}'),
  ...many('objects of many forms', (index) => `{"${text(index)}":1}`),
  ...many('objects with escaped names', (index) => `{"\\t${text(index)}":1}`),
  ...many('lists', () => '[]'),
  ...many('lists in lists', () => `${'['.repeat(20)}${']'.repeat(20)}`),
  ...many('objects in objects', () => `${'{"a":'.repeat(20)}0${'}'.repeat(20)}`),
  ...many('numbers', () => '1'),
  ...many('fractions', (index) => `1.${index}e-7`),
  ...many('numbers with many digits', (index) => `0.${'123456789'.repeat(5)}${index}`),
  ...many('words', () => 'true'),
  ...many('texts', (index) => `"${text(index)}"`),
  ...many('empty texts', () => '""'),
  ...many('texts with escapes', () => '"\\n\\""'),
  ...many('texts with surrogates', () => '"\\ud83d\\ude00"'),
  ...many('blanks', () => ' 0 \n'),
  filled('a long text', 'a', '"', '"'),
  filled('a text of escapes', '\\n', '"', '"'),
  filled('a text of escaped quotes', '\\"', '"', '"'),
  filled('a text of backslashes', '\\\\', '"', '"'),
  filled('a text of escaped letters', '\\u00e9', '"', '"'),
  filled('a text of escaped surrogates', '\\ud83d\\ude00', '"', '"'),
  filled('half a surrogate pair at the end', '\\ud83d\\ude00', '"', '\\ud83d"'),
  filled('a text of emoji', '😀', '"', '"'),
  filled('a text of colons behind an escape', ':', '"\\n', '"'),
  filled('a name of escapes', '\\n', '{"', '":0}'),
  filled('a number of many digits', '1', '0.'),
  filled('a whole number of many digits', '1'),
  filled('nothing but blanks', ' '),
  filled('colons', ':'),
  filled('commas', ','),
  filled('opening brackets', '['),
  filled('opening braces with names', '{"a":'),
  filled('quotes', '"'),
  filled('a quote that never ends', '\\"', '["'),
  filled('escapes and blanks', '"\\n"    ', '['),
]
