import { filled, type Shape } from '../shape.ts'

/** Values of `Authorization`. */
export const authorizationShapes: readonly Shape[] = [
  filled('blanks', ' ', 'Bearer', 'x'),
  filled('words', 'a ', 'Bearer '),
  filled('equals signs', '=', 'Bearer a', '!'),
  filled('letters with a bad one at the end', 'a', 'Bearer ', '"'),
  filled('dots', '.', 'Bearer '),
  filled('nothing but a scheme', 'Bearer '),
  filled('tabs', '\t', 'Bearer'),
]

/** Values of `WWW-Authenticate`. */
export const challengeShapes: readonly Shape[] = [
  filled('quotes that never end', 'a="', 'Bearer '),
  filled('escaped quotes', '\\"', 'Bearer a="'),
  filled('names with hyphens', 'a-', 'Bearer '),
  filled('parameters', 'error="invalid_token", ', 'Bearer '),
  filled('blanks before an equals sign', ' ', 'Bearer error', '='),
  filled('schemes', 'Bearer,'),
  filled('commas', ',', 'Bearer '),
  filled('equals signs', '=', 'Bearer '),
  filled('errors', 'error ', 'Bearer '),
]
