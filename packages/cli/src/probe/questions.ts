import type { Area, Question } from './question.ts'
import { answers } from './questions/answers.ts'
import { calls } from './questions/calls.ts'
import { exchange } from './questions/exchange.ts'
import { hookTokens } from './questions/hook-tokens.ts'
import { log } from './questions/log.ts'
import { management } from './questions/management.ts'
import { oauth } from './questions/oauth.ts'
import { patches } from './questions/patches.ts'
import { people } from './questions/people.ts'
import { tokens } from './questions/tokens.ts'

/** Every question, in the order in which they are asked and documented. */
export const questions: readonly Question[] = [
  ...patches,
  ...answers,
  ...calls,
  ...hookTokens,
  ...tokens,
  ...log,
  ...oauth,
  ...management,
  ...people,
  ...exchange,
]

/** What the areas are called in documents. */
export const areas: Readonly<Record<Area, string>> = {
  patches: 'Inline hooks: which operations are applied',
  answers: 'Inline hooks: what is made of answers',
  calls: 'Inline hooks: when and how they are called',
  tokens: 'Tokens: audiences, introspection, revocation',
  log: 'The System Log',
  oauth: 'OAuth',
  management: 'Management API',
  people: 'What shows only when a person signs in (`--sign-in`)',
}
