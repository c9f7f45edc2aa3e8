import type { Clock } from '@behalf/core'
import { askPolicy, type Policy, type PolicyAnswer } from '@behalf/hook'
import type { PolicyCase } from './test-file.ts'

/** How a case went. */
export interface CaseResult {
  readonly file: string
  readonly name: string
  readonly expected: 'permit' | 'forbid'
  readonly decision: 'permit' | 'forbid' | 'none'
  /** The policies that decided. */
  readonly by: readonly string[]
  /** What is not as expected; empty when the case passed. */
  readonly problems: readonly string[]
}

/** Asks a policy one question, as the hook does, and compares the answer with what is expected. */
export async function runCase(policy: Policy, test: PolicyCase, clock: Clock): Promise<CaseResult> {
  const { signal } = new AbortController()
  const answer = await askPolicy(policy, test.delegation, { timeoutMs: 5_000, clock, signal })
  return {
    file: test.file,
    name: test.name,
    expected: test.expected,
    decision: answer.decision,
    by: answer.decision === 'none' ? [] : (answer.policies ?? []),
    problems: compare(answer, test),
  }
}

function compare(answer: PolicyAnswer, { expected, by, reason, blames }: PolicyCase): readonly string[] {
  if (answer.decision === 'none') return [`no decision: ${answer.detail}`]
  if (answer.decision !== expected) return [`expected ${expected}`]
  const problems: string[] = []
  const decided = answer.policies ?? []
  if (by !== undefined && !isSameSet(by, decided))
    problems.push(`expected it by ${by.join(', ') || 'no policy'}`)
  const { reason: given, scopes = [] } = answer.decision === 'forbid' ? answer : {}
  if (reason !== undefined && reason !== given)
    problems.push(`expected the reason '${reason}', not '${given ?? ''}'`)
  if (blames !== undefined && !isSameSet(blames, scopes))
    problems.push(`expected it to blame ${blames.join(', ')}, not ${scopes.join(', ') || 'any scope'}`)
  return problems
}

function isSameSet(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((member) => right.includes(member))
}
