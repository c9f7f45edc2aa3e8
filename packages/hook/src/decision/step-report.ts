import type { Needs } from '@behalf/core'
import type { Revision } from '../config/revision.ts'
import type { StepOutcome } from '../pipeline/step.ts'
import { type DecisionRecord, describeExchange } from './decision-record.ts'

/** How one step of the pipeline ended, in the words of the decision record: no token, no secret, no claim. */
export interface StepReport
  extends Omit<DecisionRecord, 'time' | 'decision' | 'durationMs' | keyof Revision> {
  /** `unchanged` when the request was found to be none of the hook's. */
  readonly outcome: 'continued' | 'denied' | 'unchanged'
  /** What the client is told in place of the general sentence of the code. */
  readonly reason?: string
  /** What the user's next token must bring. */
  readonly needs?: Needs
}

/** Receives the end of every step of every request, in order. */
export type StepSink = (report: StepReport) => void

/** Writes the report of a step that has just ended. */
export function reportStep(
  decisionId: string,
  step: string,
  outcome: StepOutcome<object>,
  reached: object,
): StepReport {
  const told = { decisionId, step, ...describeExchange(reached) }
  if (outcome.ok) return { ...told, outcome: 'continued' }
  if (outcome.fault === 'unchanged') return { ...told, outcome: 'unchanged' }
  const { reason, policies, needs, ...denial } = outcome.fault
  return {
    ...told,
    outcome: 'denied',
    ...denial,
    ...(reason === undefined ? {} : { reason }),
    ...(policies === undefined ? {} : { policies }),
    ...(needs === undefined ? {} : { needs }),
  }
}
