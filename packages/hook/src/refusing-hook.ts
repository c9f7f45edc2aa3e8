import { type Denial, systemClock } from '@behalf/core'
import { assertOptions, harmless, version } from '@behalf/core/internal'
import { defaultLimits } from './config/limits.ts'
import { Conclusions } from './decision/conclusions.ts'
import type { Hook } from './hook.ts'
import { type HookEnvironment, hookEnvironment } from './hook-environment.ts'
import type { HookAnswer } from './okta/answer.ts'
import { observeHook } from './telemetry/observe-hook.ts'

/**
 * Returns a hook that denies everything with `internal_error`, in place of one that could not be made: without an
 * answer Okta would issue plain tokens.
 *
 * @param detail - why, for the decision record; safe to log
 */
export function createRefusingHook(detail: string, environment: HookEnvironment = {}): Hook {
  assertOptions('createRefusingHook', environment, hookEnvironment)
  const { clock = systemClock } = environment
  const revision = { version }
  const telemetry = harmless(environment.telemetry)
  const conclusions = new Conclusions(environment, telemetry, revision)
  const denial: Denial = { code: 'internal_error', detail }
  const refuse = (arrivedAtMs: number = clock.now()): HookAnswer =>
    conclusions.conclude({ kind: 'deny', denial }, conclusions.begin(arrivedAtMs), {
      step: 'arrival',
      reached: {},
    })
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
