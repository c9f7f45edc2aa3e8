import { type Denial, systemClock } from '@behalf/core'
import { assertOptions, callOut, harmless, Places, Revocations } from '@behalf/core/internal'
import type { BehalfConfig } from './config/config.ts'
import { mostWaiting } from './config/limits.ts'
import { resolveConfig } from './config/resolve-config.ts'
import type { ResolvedConfig } from './config/resolved-config.ts'
import { type Revision, revisionOf } from './config/revision.ts'
import { Conclusions } from './decision/conclusions.ts'
import type { StepDenial } from './errors/step-denial.ts'
import type { EventReceiver } from './events/event-hooks.ts'
import { type HookEnvironment, hookEnvironment } from './hook-environment.ts'
import type { HookAnswer, Verdict } from './okta/answer.ts'
import { Deadline } from './okta/deadline.ts'
import { bringsCredentials } from './pipeline/authenticate-caller.ts'
import { BodyBudget } from './pipeline/body-space.ts'
import type { Arrival, Commanded } from './pipeline/exchange.ts'
import { runPipeline } from './pipeline/pipeline.ts'
import { userProofOf } from './pipeline/prove-user.ts'
import type { StepContext, StepOutcome } from './pipeline/step.ts'
import type { Progress } from './pipeline/steps.ts'
import { type IssuerStatus, type SecretsStatus, Sources } from './sources.ts'
import { observeHook } from './telemetry/observe-hook.ts'
import { stepsOf } from './telemetry/step-operation.ts'

/** A request as a runtime hands it over. */
export interface HookRequest extends Arrival {
  /** When its first byte arrived, in milliseconds since the epoch; the deadline counts from here. Default: now. */
  readonly arrivedAtMs?: number | undefined
}

/** An inline hook: Okta's request in, commands or an error out. */
export interface Hook {
  readonly limits: ResolvedConfig['limits']
  /** Which version runs with which configuration. */
  readonly revision: Revision
  /** Decides about one request. It never rejects, and its answer's status is always 200. */
  handle(request: HookRequest): Promise<HookAnswer>
  /**
   * Tells whether a `POST` to another path than the hook's may be a call of Okta's with a slip in its URL, and has to be
   * answered by {@link Hook.handle} with that path: it brings what Okta authenticates with, right or wrong.
   */
  mayBeOkta(request: Pick<HookRequest, 'headers'>): boolean
  /** Answers and records a denial for a request that did not get as far as {@link Hook.handle}. */
  refuse(denial: Denial, arrivedAtMs?: number): HookAnswer
  /** Fetches the keys of every issuer that has none that are fresh, and the secrets that have a source. */
  load(): Promise<readonly IssuerStatus[]>
  /** How the keys of every issuer are doing; makes no call. */
  status(): readonly IssuerStatus[]
  /**
   * Whether there are secrets that Okta can call with, and keys that seals are opened with where they are; makes no call.
   * Always ready with another authentication and without sealing.
   */
  secretsStatus(): SecretsStatus
  /** Takes in the calls of an event hook; undefined where none is configured. */
  readonly events?: Pick<EventReceiver, 'receive'> | undefined
  /**
   * The public keys that clients seal assertions for, as a JWK set in JSON: undefined without sealing, empty (`''`) while
   * none is known. Asks the sources of keys that have grown old.
   */
  sealingKeys(): Promise<string | undefined>
}

/** Okta waits 3 000 ms; what is left is for the way there and back, and for timers that are late. */
export const latestAnswerMs = 2_750

/**
 * Makes a hook. Nothing is fetched before the first request unless {@link Hook.load} is called.
 *
 * @throws ConfigError that lists every fault of the configuration
 * @throws TypeError that lists every member of the environment that is unknown or unusable
 *
 * @example
 * ```ts
 * import { configFromEnvironment, createHook } from '@behalf/hook'
 *
 * const hook = createHook(configFromEnvironment(process.env), { onDecision: (record) => console.log(record) })
 * await hook.load()
 * ```
 */
export function createHook(config: BehalfConfig, environment: HookEnvironment = {}): Hook {
  assertOptions('createHook', environment, hookEnvironment)
  const resolved = resolveConfig(config)
  const revision = revisionOf(resolved)
  const telemetry = harmless(environment.telemetry)
  const { clock = systemClock } = environment
  const { limits, authentication, revocation } = resolved
  const conclusions = new Conclusions(environment, telemetry, revision)
  const sources = new Sources(resolved, environment, telemetry)
  const requests = new Places(limits.maxConcurrentRequests)
  const bodies = new BodyBudget(limits.maxBufferedBytes)
  const events = revocation?.events?.start({
    clock,
    store: revocation.store,
    maxConcurrent: limits.maxConcurrentRequests,
    maxWaiting: mostWaiting(limits).forSecrets,
    openSpace: () => bodies.open(),
    onEvents: (record) =>
      callOut(
        () => environment.onEvents?.(record),
        (error) => conclusions.report('', error),
      ),
  })
  const { verifyAssertion, verifyCaller, callerSecrets, seals, introspections } = sources
  const known: Omit<StepContext, 'deadline' | 'space'> = {
    config: resolved,
    clock,
    userProof: userProofOf(resolved.issuers, limits.maxActorDepth),
    revocations: revocation && new Revocations(revocation, clock),
    verifyAssertion,
    verifyCaller,
    callerSecrets,
    seals,
    introspections,
  }
  const aroundStep = stepsOf(telemetry)

  const decide = (
    arrival: Arrival,
    decisionId: string,
    progress: Progress,
    deadline: Deadline,
  ): Verdict | Promise<Verdict> => {
    const space = bodies.open()
    const end = (): void => {
      requests.release()
      space.close()
    }
    const finish = (outcome: StepOutcome<Commanded>): Verdict => {
      end()
      return verdictOf(outcome)
    }
    const fail = (error: unknown): Verdict => {
      end()
      conclusions.report(decisionId, error)
      return denied({ code: 'internal_error' })
    }
    requests.take()
    try {
      const outcome = runPipeline(arrival, { ...known, deadline, space }, progress)
      return outcome instanceof Promise ? outcome.then(finish, fail) : finish(outcome)
    } catch (error) {
      return fail(error)
    }
  }

  const hook: Hook = {
    limits,
    revision,
    events,
    async handle(arrival) {
      const { arrivedAtMs = clock.now() } = arrival
      const call = conclusions.begin(arrivedAtMs)
      const progress: Progress = {
        step: 'arrival',
        reached: {},
        onStepEnd: conclusions.follow(call),
        aroundStep,
      }
      if (requests.areTaken) return conclusions.conclude(denied({ code: 'overloaded' }), call, progress)
      const deadline = new Deadline(arrivedAtMs, Math.min(limits.deadlineMs, latestAnswerMs), clock)
      const work = (): Verdict | Promise<Verdict> =>
        deadline.verdict(() => decide(arrival, call.decisionId, progress, deadline))
      const verdict = call.operation === undefined ? work() : call.operation.within(work)
      const reached = verdict instanceof Promise ? await verdict : verdict
      return conclusions.conclude(reached, call, progress)
    },
    mayBeOkta: (request) => bringsCredentials(request, authentication),
    refuse: (denial, arrivedAtMs = clock.now()) =>
      conclusions.conclude(denied(denial), conclusions.begin(arrivedAtMs), { step: 'arrival', reached: {} }),
    load: () => sources.load(events),
    status: () => sources.status(),
    secretsStatus: () => sources.secretsStatus(),
    sealingKeys: async () => seals && ((await seals.publish()) ?? ''),
  }
  observeHook(telemetry, hook, { active: () => requests.taken })
  return hook
}

function verdictOf(outcome: StepOutcome<Commanded>): Verdict {
  if (outcome.ok) return { kind: 'permit', commands: outcome.value.commands }
  return outcome.fault === 'unchanged' ? { kind: 'unchanged' } : denied(outcome.fault)
}

function denied(denial: StepDenial): Verdict {
  return { kind: 'deny', denial }
}
