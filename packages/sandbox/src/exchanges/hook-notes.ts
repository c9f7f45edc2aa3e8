import type { ExchangeNote, ExchangeStep } from './exchange.ts'
import type { ExchangeKey } from './exchange-log.ts'

/** What is read of a hook's report of a step. */
export interface ReportedStep extends ExchangeStep {
  readonly decisionId: string
}

/** What is read of a hook's record of a decision. */
export interface ReportedDecision {
  readonly decisionId: string
  /** Okta's id of the token request. */
  readonly requestId?: string
  readonly subject?: string
  readonly agents?: readonly string[]
  readonly policies?: readonly string[]
}

/** What `createHook` of `@behalf/hook` takes, so that a sandbox hears of its steps and decisions. */
export interface HookNotes {
  onStep(report: ReportedStep): void
  onDecision(record: ReportedDecision): void
}

/** How many requests may be under way in the hook; of the oldest beyond that, the steps are forgotten. */
const maxUnderWay = 1000

/**
 * Collects a hook's steps until its decision says which exchange they belong to, and tells both.
 *
 * @param annotate - that of the sandbox whose page is to show it
 * @example
 * ```ts
 * import { createSandbox, hookNotes, type Sandbox } from '@behalf/sandbox'
 *
 * let sandbox: Sandbox | undefined
 * const sinks = hookNotes((key, note) => sandbox?.annotate(key, note) ?? false)
 * // const hook = createHook(config, sinks)
 * sandbox = await createSandbox()
 * ```
 */
export function hookNotes(annotate: (key: ExchangeKey, note: ExchangeNote) => boolean): HookNotes {
  const stepsOf = new Map<string, ExchangeStep[]>()
  return {
    onStep({ decisionId, step, outcome, code, detail }) {
      const told = { ...(code === undefined ? {} : { code }), ...(detail === undefined ? {} : { detail }) }
      stepsOf.set(decisionId, [...(stepsOf.get(decisionId) ?? []), { step, outcome, ...told }])
      for (const oldest of stepsOf.keys()) {
        if (stepsOf.size <= maxUnderWay) break
        stepsOf.delete(oldest)
      }
    },
    onDecision({ decisionId, requestId, subject, agents = [], policies = [] }) {
      const steps = stepsOf.get(decisionId) ?? []
      stepsOf.delete(decisionId)
      if (requestId === undefined || requestId === '') return
      annotate({ requestId }, { steps, policies, agents, ...(subject === undefined ? {} : { subject }) })
    },
  }
}
