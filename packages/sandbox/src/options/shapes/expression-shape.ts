import * as v from 'valibot'
import { parseExpression } from '../../expression/parse.ts'
import { UnusableExpression } from '../../expression/syntax.ts'
import type { Shape } from '../../shape/shape.ts'

/** An expression of Okta's language that the sandbox evaluates. */
export const expression: Shape<string> = v.pipe(
  v.string('expected a text'),
  v.rawCheck(({ dataset, addIssue }) => {
    const fault = dataset.typed ? faultOf(dataset.value) : undefined
    if (fault !== undefined) addIssue({ message: `the expression ${fault}` })
  }),
)

function faultOf(text: string): string | undefined {
  try {
    parseExpression(text)
    return undefined
  } catch (error) {
    if (error instanceof UnusableExpression) return error.message
    throw error
  }
}
