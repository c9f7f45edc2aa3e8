import { arrayFunctions } from './array-functions.ts'
import { conversionFunctions } from './conversion-functions.ts'
import type { ExpressionFunction } from './expression-function.ts'
import { groupFunctions } from './group-functions.ts'
import { stringFunctions } from './string-functions.ts'

/** The functions of Okta's language that the sandbox has, by name. */
export const functions: ReadonlyMap<string, ExpressionFunction> = new Map(
  Object.entries({ ...stringFunctions, ...arrayFunctions, ...groupFunctions, ...conversionFunctions }),
)
