import { randomUUID } from 'node:crypto'
import { type Denial, systemClock } from '@behalf/core'
import { assertOptions, harmless, version } from '@behalf/core/internal'
import { defaultLimits } from './config/limits.ts'
import { recordDecision } from './decision/decision-record.ts'
import { createMoments } from './decision/moment.ts'
import { callOut } from './errors/call-out.ts'
import { reportInternalError } from './errors/internal-error.ts'
import { type Hook, type HookEnvironment, hookEnvironment } from './hook.ts'
import { answer, type HookAnswer } from './okta/answer.ts'
import { beginExchange, endExchange } from './telemetry/exchange-operation.ts'
import { observeHook } from './telemetry/observe-hook.ts'

/**
 * Returns a hook that denies everything with `internal_error`, in place of one that could not be made: without an
 * answer Okta would issue plain tokens.
 *
 * @param detail - why, for the decision record; safe to log
 */
export function createRefusingHook(detail: string, environment: HookEnvironment = {}): Hook {
  assertOptions('createRefusingHook', environment, hookEnvironment)
  const { clock = systemClock, newDecisionId = randomUUID, onDecision, onInternalError } = environment
  const revision = { version }
  const telemetry = harmless(environment.telemetry)
  const now = createMoments(clock)
  const denial: Denial = { code: 'internal_error', detail }
  const refuse = (arrivedAtMs: number = clock.now()): HookAnswer => {
    const decisionId = newDecisionId()
    const verdict = { kind: 'deny', denial } as const
    const operation = beginExchange(telemetry, decisionId, clock.now() - arrivedAtMs)
    const progress = { step: 'arrival', reached: {} }
    const record = recordDecision(verdict, decisionId, progress, arrivedAtMs, now(), revision)
    endExchange(operation, record)
    callOut(
      () => onDecision?.(record),
      (error) =>
        callOut(
          () => onInternalError?.(reportInternalError(decisionId, error)),
          // Whoever wanted to know is what has failed, so nobody is left to tell.
          () => undefined,
        ),
    )
    return answer(verdict, decisionId)
  }
  const hook: Hook = {
    limits: defaultLimits(),
    revision,
    handle: async ({ arrivedAtMs }) => refuse(arrivedAtMs),
    mayBeOkta: () => true,
    // Anything else than a failure would be taken for an event that was noted.
    events: { receive: async () => ({ status: 503, headers: { 'retry-after': '1' }, body: '' }) },
    refuse: (_denial, arrivedAtMs) => refuse(arrivedAtMs),
    load: async () => [],
    status: () => [],
    secretsStatus: () => ({ ready: true }),
    sealingKeys: async () => undefined,
  }
  observeHook(telemetry, hook, { refusing: true })
  return hook
}
