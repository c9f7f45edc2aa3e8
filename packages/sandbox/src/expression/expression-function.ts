import type { Json } from '../org/json.ts'
import type { ExpressionSubject } from './references.ts'

/** What an expression may call. */
export interface ExpressionFunction {
  /** How many values it takes. */
  readonly least: number
  readonly most: number
  /** @throws NoValue */
  readonly apply: (values: readonly Json[], subject: ExpressionSubject) => Json
}

/** Functions by their full names. */
export type ExpressionFunctions = Readonly<Record<string, ExpressionFunction>>
