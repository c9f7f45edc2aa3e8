import { functions } from './functions.ts'
import { readTokens, type Token } from './lexer.ts'
import { roots } from './references.ts'
import { type Expression, type Operator, UnusableExpression } from './syntax.ts'

/** Operators from the loosest to the tightest. */
const levels: readonly (readonly Operator[])[] = [
  ['||'],
  ['&&'],
  ['==', '!='],
  ['<', '>', '<=', '>='],
  ['+', '-'],
]
const spelledOut: ReadonlyMap<string, Operator> = new Map([
  ['OR', '||'],
  ['or', '||'],
  ['AND', '&&'],
  ['and', '&&'],
])
const constants: ReadonlyMap<string, boolean | null> = new Map<string, boolean | null>([
  ['true', true],
  ['false', false],
  ['null', null],
])
const maxDepth = 50

/**
 * Reads an expression of Okta's language, as far as the sandbox evaluates it.
 *
 * @throws UnusableExpression that says where it is none, or what of Okta's the sandbox does not have
 * @see https://developer.okta.com/docs/reference/okta-expression-language/
 */
export function parseExpression(expression: string): Expression {
  const tokens = readTokens(expression)
  const [only, end] = tokens
  // Okta takes a lone word, too; it has no value.
  if (only?.kind === 'name' && end?.kind === 'end' && !constants.has(only.text))
    return { kind: 'reference', path: [only.text] }
  const parser = new Parser(tokens)
  const parsed = parser.expression()
  parser.expect('the end')
  return parsed
}

class Parser {
  readonly #tokens: readonly Token[]
  #next = 0
  #depth = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  expression(): Expression {
    if (++this.#depth > maxDepth) throw new UnusableExpression(`is nested more than ${maxDepth} deep`)
    const condition = this.#operation(0)
    const parsed = this.#takes('?') ? this.#choice(condition) : condition
    this.#depth--
    return parsed
  }

  /** Takes a sign, or the end. */
  expect(sign: string): void {
    const { text, position, kind } = this.#token()
    if (kind === 'text' || text !== sign)
      throw new UnusableExpression(`has '${text}' at character ${position}, where ${sign} is expected`)
    this.#next++
  }

  #choice(condition: Expression): Expression {
    const chosen = this.expression()
    this.expect(':')
    return { kind: 'choice', condition, chosen, otherwise: this.expression() }
  }

  #operation(level: number): Expression {
    const operators = levels[level]
    if (operators === undefined) return this.#operand()
    let left = this.#operation(level + 1)
    for (;;) {
      const { kind, text } = this.#token()
      const sign = kind === 'name' ? spelledOut.get(text) : text
      const operator = kind === 'text' ? undefined : operators.find((known) => known === sign)
      if (operator === undefined) return left
      this.#next++
      left = { kind: 'binary', operator, left, right: this.#operation(level + 1) }
    }
  }

  #operand(): Expression {
    if (this.#takes('!')) return { kind: 'not', operand: this.#nested(() => this.#operand()) }
    if (this.#takes('(')) return this.#closed(')', this.expression())
    if (this.#takes('{')) return { kind: 'list', entries: this.#entries('}') }
    const { kind, text, position } = this.#token()
    this.#next++
    switch (kind) {
      case 'text':
        return { kind: 'literal', value: text }
      case 'number':
        return { kind: 'literal', value: Number(text) }
      case 'name': {
        const constant = constants.get(text)
        return constant === undefined ? this.#named(text) : { kind: 'literal', value: constant }
      }
      default:
        throw new UnusableExpression(`has '${text}' at character ${position}, where a value is expected`)
    }
  }

  /** An attribute or a function, whose name was begun. */
  #named(first: string): Expression {
    const path = [first]
    while (this.#takes('.')) {
      const { kind, text, position } = this.#token()
      if (kind !== 'name') throw new UnusableExpression(`has no name at character ${position}`)
      path.push(text)
      this.#next++
    }
    const name = path.join('.')
    if (this.#takes('(')) return this.#call(name)
    if (!roots.has(first))
      throw new UnusableExpression(`names '${name}': the sandbox evaluates ${[...roots].join(', ')}`)
    return { kind: 'reference', path }
  }

  #call(name: string): Expression {
    const called = functions.get(name)
    if (called === undefined) throw new UnusableExpression(`calls '${name}', which the sandbox does not have`)
    const parameters = this.#entries(')')
    const { least, most } = called
    if (parameters.length < least || parameters.length > most)
      throw new UnusableExpression(
        `gives '${name}' ${parameters.length} values, which takes ${least}${
          most === least ? '' : ' or more'
        }`,
      )
    return { kind: 'call', name, parameters }
  }

  #entries(closing: string): readonly Expression[] {
    const entries: Expression[] = []
    if (this.#takes(closing)) return entries
    do entries.push(this.expression())
    while (this.#takes(','))
    return this.#closed(closing, entries)
  }

  #closed<T>(closing: string, inner: T): T {
    this.expect(closing)
    return inner
  }

  #nested<T>(read: () => T): T {
    if (++this.#depth > maxDepth) throw new UnusableExpression(`is nested more than ${maxDepth} deep`)
    const inner = read()
    this.#depth--
    return inner
  }

  #takes(sign: string): boolean {
    const { kind, text } = this.#token()
    if (kind !== 'sign' || text !== sign) return false
    this.#next++
    return true
  }

  #token(): Token {
    const token = this.#tokens[this.#next]
    if (token === undefined) throw new UnusableExpression('ends too early')
    return token
  }
}
