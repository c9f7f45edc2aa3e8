import { UnusableExpression } from './syntax.ts'

/** A word of an expression. */
export interface Token {
  readonly kind: 'name' | 'text' | 'number' | 'sign' | 'end'
  /** Without the quotes of a text. */
  readonly text: string
  /** From 1. */
  readonly position: number
}

const maxLength = 2_000

const words = new RegExp(
  [
    String.raw`\s*(?:(?<name>[A-Za-z_$][\w$]*)`,
    String.raw`(?<number>\d+(?:\.\d+)?)`,
    String.raw`"(?<double>(?:[^"\\]|\\.)*)"`,
    String.raw`'(?<single>(?:[^'\\]|\\.|'')*)'`,
    String.raw`(?<sign>==|!=|<=|>=|&&|\|\||[-+<>!?:(){},.]))`,
  ].join('|'),
  'y',
)

/**
 * Cuts an expression into words; the last one is its end.
 *
 * @throws UnusableExpression that says where
 */
export function readTokens(expression: string): readonly Token[] {
  if (expression.length > maxLength) throw new UnusableExpression(`is longer than ${maxLength} characters`)
  const end = expression.trimEnd().length
  const tokens: Token[] = []
  words.lastIndex = 0
  while (words.lastIndex < end) {
    const from = words.lastIndex
    const { groups = {} } = words.exec(expression) ?? {}
    const found = Object.entries(groups).find(([, text]) => text !== undefined)
    if (found === undefined) throw new UnusableExpression(`cannot be read from character ${from + 1} on`)
    const [kind, text = ''] = found
    tokens.push({ kind: kindOf[kind] ?? 'sign', text: unquoted(kind, text), position: from + 1 })
  }
  return [...tokens, { kind: 'end', text: 'the end', position: end + 1 }]
}

const kindOf: Readonly<Record<string, Token['kind']>> = {
  name: 'name',
  number: 'number',
  double: 'text',
  single: 'text',
}

function unquoted(kind: string, text: string): string {
  if (kind === 'double') return text.replaceAll(/\\(.)/g, '$1')
  return kind === 'single' ? text.replaceAll("''", "'").replaceAll(/\\(.)/g, '$1') : text
}
