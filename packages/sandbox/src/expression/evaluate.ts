import { isDeepStrictEqual } from 'node:util'
import type { Json } from '../org/json.ts'
import { functions } from './functions.ts'
import { attributeAt, type ExpressionSubject } from './references.ts'
import type { Expression, Operator } from './syntax.ts'
import { asCondition, asText, bounded, NoValue } from './values.ts'

/**
 * Evaluates an expression for a user and an app.
 *
 * @returns undefined when it has no value: it comes to null or to an empty list, or an attribute is missing, or of the
 * wrong kind for what is done with it
 */
export function evaluateExpression(expression: Expression, subject: ExpressionSubject): Json | undefined {
  // Who somebody is as a whole is no value.
  if (expression.kind === 'reference' && expression.path.length === 1) return undefined
  try {
    const value = evaluate(expression, subject) ?? undefined
    return Array.isArray(value) && value.length === 0 ? undefined : value
  } catch (error) {
    if (error instanceof NoValue) return undefined
    throw error
  }
}

function evaluate(expression: Expression, subject: ExpressionSubject): Json {
  switch (expression.kind) {
    case 'literal':
      return expression.value
    case 'list':
      return expression.entries.map((entry) => evaluate(entry, subject))
    case 'reference':
      return attributeAt(expression.path, subject)
    case 'call': {
      const values = expression.parameters.map((parameter) => evaluate(parameter, subject))
      const called = functions.get(expression.name)
      if (called === undefined) throw new NoValue()
      const value = called.apply(values, subject)
      return typeof value === 'string' ? bounded(value) : value
    }
    case 'not':
      return !asCondition(evaluate(expression.operand, subject))
    case 'choice':
      return asCondition(evaluate(expression.condition, subject))
        ? evaluate(expression.chosen, subject)
        : evaluate(expression.otherwise, subject)
    case 'binary':
      return evaluateOperation(expression.operator, expression.left, expression.right, subject)
  }
}

function evaluateOperation(
  operator: Operator,
  leftExpression: Expression,
  rightExpression: Expression,
  subject: ExpressionSubject,
): Json {
  const left = evaluate(leftExpression, subject)
  const right = (): Json => evaluate(rightExpression, subject)
  switch (operator) {
    case '&&':
      return asCondition(left) && asCondition(right())
    case '||':
      return asCondition(left) || asCondition(right())
    case '==':
      return isDeepStrictEqual(left, right())
    case '!=':
      return !isDeepStrictEqual(left, right())
    case '+':
      return sum(left, right())
    case '-':
      return difference(left, right())
    default:
      return isOrdered(operator, left, right())
  }
}

function sum(left: Json, right: Json): Json {
  return typeof left === 'number' && typeof right === 'number'
    ? left + right
    : bounded(asText(left) + asText(right))
}

function difference(left: Json, right: Json): Json {
  if (typeof left !== 'number' || typeof right !== 'number') throw new NoValue()
  return left - right
}

function isOrdered(operator: '<' | '>' | '<=' | '>=', left: Json, right: Json): boolean {
  const comparable =
    (typeof left === 'number' && typeof right === 'number') ||
    (typeof left === 'string' && typeof right === 'string')
  if (!comparable) throw new NoValue()
  switch (operator) {
    case '<':
      return left < right
    case '>':
      return left > right
    case '<=':
      return left <= right
    case '>=':
      return left >= right
  }
}
