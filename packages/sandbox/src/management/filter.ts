import { ApiFault } from '../http/api-fault.ts'
import { isJsonObject, type Json, type JsonObject } from '../org/json.ts'

/** Whether an object passes a filter. */
export type Predicate = (object: JsonObject) => boolean

const text = String.raw`"(?:[^"\\]|\\.)*"`
const lexeme = new RegExp(String.raw`\s*(\(|\)|${text}|[^\s()"]+)`, 'g')
const spaceOutsideText = new RegExp(String.raw`(${text})|\s+`, 'g')

const comparisons: Readonly<Record<string, (actual: string, wanted: string) => boolean>> = {
  eq: (actual, wanted) => actual === wanted,
  ne: (actual, wanted) => actual !== wanted,
  sw: (actual, wanted) => actual.startsWith(wanted),
  ew: (actual, wanted) => actual.endsWith(wanted),
  co: (actual, wanted) => actual.includes(wanted),
  gt: (actual, wanted) => actual > wanted,
  ge: (actual, wanted) => actual >= wanted,
  lt: (actual, wanted) => actual < wanted,
  le: (actual, wanted) => actual <= wanted,
}

const faultyFilter = (): ApiFault =>
  new ApiFault('E0000001', 'Api validation failed: filter', ['The filter expression is not valid'])

/**
 * Compiles a filter: comparisons of attribute paths, `and`, `or`, `not (…)` and parentheses. A path through a
 * list matches when any entry does.
 *
 * @throws ApiFault E0000001 when it is not valid
 * @see RFC 7644 §3.4.2.2
 */
export function compileFilter(expression: string): Predicate {
  const tokens = tokenize(expression)
  const predicate = parseOr(tokens)
  if (tokens.length > 0) throw faultyFilter()
  return predicate
}

function tokenize(expression: string): string[] {
  const tokens = [...expression.matchAll(lexeme)].map(([, found = '']) => found)
  if (tokens.join('') !== expression.replaceAll(spaceOutsideText, '$1')) throw faultyFilter()
  return tokens
}

function parseOr(tokens: string[]): Predicate {
  const terms = [parseAnd(tokens)]
  while (takeWord(tokens, 'or')) terms.push(parseAnd(tokens))
  return (object) => terms.some((term) => term(object))
}

function parseAnd(tokens: string[]): Predicate {
  const terms = [parseTerm(tokens)]
  while (takeWord(tokens, 'and')) terms.push(parseTerm(tokens))
  return (object) => terms.every((term) => term(object))
}

function parseTerm(tokens: string[]): Predicate {
  if (takeWord(tokens, 'not')) {
    const inner = parseTerm(tokens)
    return (object) => !inner(object)
  }
  const first = tokens.shift()
  if (first === '(') {
    const inner = parseOr(tokens)
    if (tokens.shift() !== ')') throw faultyFilter()
    return inner
  }
  const operator = tokens.shift()?.toLowerCase()
  if (first === undefined || operator === undefined) throw faultyFilter()
  const path = first.split('.')
  if (operator === 'pr') return (object) => valuesAt(object, path).length > 0
  const compare = Object.hasOwn(comparisons, operator) ? comparisons[operator] : undefined
  const wanted = tokens.shift()
  if (compare === undefined || wanted === undefined) throw faultyFilter()
  const literal = wanted.startsWith('"') ? parseText(wanted) : wanted
  return (object) => valuesAt(object, path).some((actual) => compare(String(actual), literal))
}

function parseText(quoted: string): string {
  try {
    return String(JSON.parse(quoted))
  } catch {
    throw faultyFilter()
  }
}

function takeWord(tokens: string[], word: string): boolean {
  if (tokens[0]?.toLowerCase() !== word) return false
  tokens.shift()
  return true
}

function valuesAt(value: Json | undefined, path: readonly string[]): readonly Json[] {
  if (value === undefined || value === null) return []
  if (Array.isArray(value)) return value.flatMap((entry) => valuesAt(entry, path))
  const [name, ...rest] = path
  if (name === undefined) return [value]
  return isJsonObject(value) && Object.hasOwn(value, name) ? valuesAt(value[name], rest) : []
}
