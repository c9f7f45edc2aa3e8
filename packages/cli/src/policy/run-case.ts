import { isDeepStrictEqual } from 'node:util'
import type { Denial, Needs } from '@behalf/core'
import { writeNeeds } from '@behalf/core/internal'
import { type PolicyAnswer, type RehearsalOptions, rehearse } from '@behalf/hook'
import type { PolicyCase } from './test-file.ts'

/** How a case went. */
export interface CaseResult {
  readonly file: string
  readonly name: string
  readonly expected: 'permit' | 'forbid'
  readonly decision: 'permit' | 'forbid' | 'none'
  /** The policies that decided. */
  readonly by: readonly string[]
  /** What the user's next token must bring. */
  readonly needs?: Needs
  /** What is not as expected; empty when the case passed. */
  readonly problems: readonly string[]
}

/**
 * Asks a policy one question, as the hook does, and compares the answer with what is expected. What it permits
 * must be something that the hook can say to Okta.
 */
export async function runCase(test: PolicyCase, options: RehearsalOptions): Promise<CaseResult> {
  const { answer, denial } = await rehearse(test.delegation, options)
  const needs = answer.decision === 'forbid' ? answer.needs : undefined
  return {
    file: test.file,
    name: test.name,
    expected: test.expected,
    decision: answer.decision,
    by: answer.decision === 'none' ? [] : (answer.policies ?? []),
    ...(needs === undefined ? {} : { needs }),
    problems: [...compare(answer, test), ...(denial === undefined ? [] : [describe(denial)])],
  }
}

function describe({ code, detail }: Denial): string {
  return `permitted, and yet the exchange is denied: ${detail === undefined ? code : `${code}: ${detail}`}`
}

function compare(
  answer: PolicyAnswer,
  { expected, by, reason, blames, needs }: PolicyCase,
): readonly string[] {
  if (answer.decision === 'none') return [`no decision: ${answer.detail}`]
  if (answer.decision !== expected) return [`expected ${expected}`]
  const problems: string[] = []
  const decided = answer.policies ?? []
  if (by !== undefined && !isSameSet(by, decided))
    problems.push(`expected it by ${by.join(', ') || 'no policy'}`)
  const { reason: given, scopes = [], needs: needed = {} } = answer.decision === 'forbid' ? answer : {}
  if (reason !== undefined && reason !== given)
    problems.push(`expected the reason '${reason}', not '${given ?? ''}'`)
  if (blames !== undefined && !isSameSet(blames, scopes))
    problems.push(`expected it to blame ${blames.join(', ')}, not ${scopes.join(', ') || 'any scope'}`)
  if (needs !== undefined && !isDeepStrictEqual(needs, needed))
    problems.push(`expected it to need ${writeNeeds(needs)}, not ${writeNeeds(needed) || 'anything'}`)
  return problems
}

function isSameSet(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((member) => right.includes(member))
}
