import type { Clock, DocumentFetch, Telemetry } from '@behalf/core'
import { aClock, aFunction, aTelemetry, type OptionRules } from '@behalf/core/internal'
import type { DecisionSink } from './decision/decision-record.ts'
import type { StepSink } from './decision/step-report.ts'
import type { InternalErrorReport } from './errors/internal-error.ts'
import type { EventSink } from './events/event-hooks.ts'

/** What a hook is connected to; every member has a default. */
export interface HookEnvironment {
  /** Gets the record of every decision; discarded by default. */
  readonly onDecision?: DecisionSink
  /** Gets the errors behind `internal_error`, as a name and the places it passed; discarded by default. */
  readonly onInternalError?: (error: InternalErrorReport) => void
  /** Gets the end of every step, for those who want to know how a decision came about; discarded by default. */
  readonly onStep?: StepSink
  /** Gets what became of every call of an event hook; discarded by default. */
  readonly onEvents?: EventSink
  /** Gets the issuers' metadata and keys; the runtime's `fetch` by default. */
  readonly fetch?: DocumentFetch
  readonly clock?: Clock
  /** Makes decision ids: 1 to 64 letters, digits, `_` and `-`, or clients do not read them. Random UUIDs by default. */
  readonly newDecisionId?: () => string
  /** Where spans and metrics go: `openTelemetry()` of `@behalf/hook/telemetry`: docs/telemetry.md. Default nowhere. */
  readonly telemetry?: Telemetry
}

/** What the members of {@link HookEnvironment} must be. */
export const hookEnvironment: OptionRules<keyof HookEnvironment> = {
  onDecision: aFunction,
  onInternalError: aFunction,
  onStep: aFunction,
  onEvents: aFunction,
  fetch: aFunction,
  clock: aClock,
  newDecisionId: aFunction,
  telemetry: aTelemetry,
}
