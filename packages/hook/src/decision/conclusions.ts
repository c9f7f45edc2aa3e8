import { randomUUID } from 'node:crypto'
import { type Clock, systemClock, type Telemetry } from '@behalf/core'
import { callOut } from '@behalf/core/internal'
import type { Revision } from '../config/revision.ts'
import { reportInternalError } from '../errors/internal-error.ts'
import type { HookEnvironment } from '../hook-environment.ts'
import { answer, type HookAnswer, type Verdict } from '../okta/answer.ts'
import type { Progress } from '../pipeline/steps.ts'
import { beginExchange, type ExchangeOperation, endExchange } from '../telemetry/exchange-operation.ts'
import { recordDecision } from './decision-record.ts'
import { createMoments } from './moment.ts'
import { reportStep } from './step-report.ts'

/** One call of the hook, from its arrival to its answer. */
export interface Call {
  readonly decisionId: string
  readonly arrivedAtMs: number
  readonly operation: ExchangeOperation | undefined
}

/** Tells whoever wants to know what a hook decides; whatever they do with it, the answer comes. */
export class Conclusions {
  readonly #environment: HookEnvironment
  readonly #telemetry: Telemetry | undefined
  readonly #revision: Revision
  readonly #clock: Clock
  readonly #newDecisionId: () => string
  readonly #now: ReturnType<typeof createMoments>

  /** @param telemetry - the environment's, which cannot throw any more */
  constructor(environment: HookEnvironment, telemetry: Telemetry | undefined, revision: Revision) {
    const { clock = systemClock, newDecisionId = randomUUID } = environment
    this.#environment = environment
    this.#telemetry = telemetry
    this.#revision = revision
    this.#clock = clock
    this.#newDecisionId = newDecisionId
    this.#now = createMoments(clock)
  }

  /** Begins a call. */
  begin(arrivedAtMs: number): Call {
    const decisionId = this.#newDecisionId()
    const sinceMs = this.#clock.now() - arrivedAtMs
    return { decisionId, arrivedAtMs, operation: beginExchange(this.#telemetry, decisionId, sinceMs) }
  }

  /** Records how a call was decided, and returns its answer. */
  conclude(verdict: Verdict, { decisionId, arrivedAtMs, operation }: Call, progress: Progress): HookAnswer {
    const record = recordDecision(verdict, decisionId, progress, arrivedAtMs, this.#now(), this.#revision)
    endExchange(operation, record)
    callOut(
      () => this.#environment.onDecision?.(record),
      (error) => this.report(decisionId, error),
    )
    return answer(verdict, decisionId)
  }

  /** What is told of each step of a call; undefined where nobody wants to know. */
  follow({ decisionId }: Call): Progress['onStepEnd'] {
    const { onStep } = this.#environment
    if (onStep === undefined) return undefined
    return (step, outcome, reached) => {
      callOut(
        () => onStep(reportStep(decisionId, step, outcome, reached)),
        (error) => this.report(decisionId, error),
      )
    }
  }

  /** Reports an error that is nobody's input. */
  report(decisionId: string, error: unknown): void {
    callOut(
      () => this.#environment.onInternalError?.(reportInternalError(decisionId, error)),
      // Whoever wanted to know is what has failed, so nobody is left to tell.
      () => undefined,
    )
  }
}
