import * as v from 'valibot'
import { parseExpression } from '../../expression/parse.ts'
import { type Expression, UnusableExpression } from '../../expression/syntax.ts'
import type { Shape } from '../../shape/shape.ts'

/** An expression of Okta's language that the sandbox evaluates. */
export const expression: Shape<string> = withoutFault(() => undefined)

/** The same, and no lone word: Okta takes one, but where a person writes options it is a slip that gives no claim. */
export const meantExpression: Shape<string> = withoutFault((parsed) =>
  parsed.kind === 'reference' && parsed.path.length === 1
    ? `is the word '${parsed.path[0]}', which has no value; an attribute is user.department`
    : undefined,
)

function withoutFault(judge: (parsed: Expression) => string | undefined): Shape<string> {
  return v.pipe(
    v.string('expected a text'),
    v.rawCheck(({ dataset, addIssue }) => {
      const fault = dataset.typed ? faultOf(dataset.value, judge) : undefined
      if (fault !== undefined) addIssue({ message: `the expression ${fault}` })
    }),
  )
}

function faultOf(text: string, judge: (parsed: Expression) => string | undefined): string | undefined {
  try {
    return judge(parseExpression(text))
  } catch (error) {
    if (error instanceof UnusableExpression) return error.message
    throw error
  }
}
