import type { Json } from '@behalf/core'
import { isJsonObject } from '@behalf/core/internal'
import type { Experiment } from './experiment.ts'

/** What was found out: no token, no secret, no login, and nothing that names the org. */
export interface OktaFacts {
  /** The version of this form. */
  readonly version: 1
  /** The day, in UTC: a release of Okta's may change the facts. */
  readonly probedOn: string
  readonly experiments: Readonly<Record<string, ExperimentFacts>>
}

/** What one experiment has found out. */
export interface ExperimentFacts {
  readonly question: string
  /** Absent when it could not be finished. */
  readonly facts?: Readonly<Record<string, Json>>
  /** Why it could not be finished. */
  readonly failed?: string
}

/** Returns the facts as lines for people. */
export function describeFacts({ experiments }: OktaFacts): string[] {
  return Object.entries(experiments).flatMap(([name, { question, facts, failed }]) => [
    '',
    `${name}: ${question}`,
    ...(failed === undefined ? [] : [`  not finished: ${failed}`]),
    ...Object.entries(facts ?? {}).map(([fact, value]) => `  ${fact}: ${tell(value)}`),
  ])
}

function tell(value: Json): string {
  return isJsonObject(value)
    ? Object.entries(value)
        .map(([name, inner = null]) => `${name} ${tell(inner)}`)
        .join(', ')
    : String(value)
}

/** Says how many tokens some experiments ask for at most. */
export function tokensOf(chosen: readonly Experiment[]): number {
  return chosen.reduce((sum, { maxTokens }) => sum + maxTokens, 0)
}
