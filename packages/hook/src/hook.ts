import { randomUUID } from 'node:crypto'
import {
  type Clock,
  type Denial,
  type DocumentFetch,
  type KeyCacheStatus,
  systemClock,
  type Telemetry,
} from '@behalf/core'
import {
  aClock,
  aFunction,
  assertOptions,
  aTelemetry,
  createJwtVerifier,
  harmless,
  type JwtVerifier,
  KeyCache,
  type OptionRules,
  observeKeys,
  Places,
  Revocations,
  runtimeFetch,
  VerifiedTokens,
} from '@behalf/core/internal'
import type { BehalfConfig } from './config/config.ts'
import type { ResolvedIssuer } from './config/issuers.ts'
import { resolveConfig } from './config/resolve-config.ts'
import type { ResolvedConfig } from './config/resolved-config.ts'
import { type Revision, revisionOf } from './config/revision.ts'
import { type DecisionSink, recordDecision } from './decision/decision-record.ts'
import { createMoments } from './decision/moment.ts'
import { reportStep, type StepSink } from './decision/step-report.ts'
import { callOut } from './errors/call-out.ts'
import { type InternalErrorReport, reportInternalError } from './errors/internal-error.ts'
import type { StepDenial } from './errors/step-denial.ts'
import type { EventReceiver, EventSink } from './events/event-hooks.ts'
import { createIntrospections } from './introspection/introspections.ts'
import { answer, type HookAnswer, type Verdict } from './okta/answer.ts'
import { Deadline } from './okta/deadline.ts'
import { bringsCredentials } from './pipeline/authenticate-caller.ts'
import { BodyBudget } from './pipeline/body-space.ts'
import type { Arrival, Commanded } from './pipeline/exchange.ts'
import { runPipeline } from './pipeline/pipeline.ts'
import { userProofOf } from './pipeline/prove-user.ts'
import type { StepContext, StepOutcome } from './pipeline/step.ts'
import type { Progress } from './pipeline/steps.ts'
import type { Seals } from './sealing/sealing.ts'
import { CallerSecrets } from './secrets/caller-secrets.ts'
import { beginExchange, type ExchangeOperation, endExchange } from './telemetry/exchange-operation.ts'
import { observeHook } from './telemetry/observe-hook.ts'
import { stepsOf } from './telemetry/step-operation.ts'

/** A request as a runtime hands it over. */
export interface HookRequest extends Arrival {
  /** When its first byte arrived, in milliseconds since the epoch; the deadline counts from here. Default: now. */
  readonly arrivedAtMs?: number | undefined
}

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

/** How the keys of one issuer are doing. */
export interface IssuerStatus extends KeyCacheStatus {
  readonly issuer: string
}

/** How the secrets are doing that have a source. */
export interface SecretsStatus {
  /** Whether at least one secret is known. */
  readonly ready: boolean
  /** Why the last fetch failed; absent when it did not. */
  readonly fault?: string
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
  const { fetch = runtimeFetch, clock = systemClock, newDecisionId = randomUUID } = environment
  const { limits, authentication, insecureHosts } = resolved
  const keyCaches: { readonly issuer: string; readonly keys: KeyCache }[] = []
  // Who has not authenticated, and tokens that nobody has signed, must leave room for good ones.
  const halfOfAll = Math.ceil(limits.maxConcurrentRequests / 2)
  const mostWaiting = Math.min(100, halfOfAll)
  const places = new Places(halfOfAll)
  const verifierFor = (issuers: readonly ResolvedIssuer[]): JwtVerifier => {
    const trusted = issuers.map((issuer) => {
      const keys = new KeyCache({
        ...issuer,
        ...resolved.keys,
        insecureHosts,
        places,
        fetch,
        clock,
        telemetry,
      })
      keyCaches.push({ issuer: issuer.issuer, keys })
      return { ...issuer, audienceClaims: issuer.dialect?.audienceClaims, keys }
    })
    return createJwtVerifier({
      issuers: trusted,
      clock,
      maxBytes: limits.maxAssertionBytes,
      verifiedTokens:
        resolved.verifiedTokens === false ? undefined : new VerifiedTokens(resolved.verifiedTokens, clock),
    })
  }
  const verifyAssertion = verifierFor(resolved.issuers)
  const verifyCaller = authentication.kind === 'bearer' ? verifierFor([authentication.issuer]) : undefined
  const callerSecrets =
    authentication.kind === 'secret'
      ? new CallerSecrets(authentication.secrets, clock, mostWaiting)
      : undefined
  const seals = resolved.sealing?.start({
    clock,
    maxAssertionBytes: limits.maxAssertionBytes,
    maxWaiting: mostWaiting,
  })
  const introspections = createIntrospections(resolved, { fetch, clock, places: new Places(halfOfAll) })
  const userProof = userProofOf(resolved.issuers, limits.maxActorDepth)
  const now = createMoments(clock)
  const bodies = new BodyBudget(limits.maxBufferedBytes)
  const { revocation } = resolved
  const revocations = revocation && new Revocations(revocation, clock)
  const events = revocation?.events?.start({
    clock,
    store: revocation.store,
    openSpace: () => bodies.open(),
    onEvents: (record) =>
      callOut(
        () => environment.onEvents?.(record),
        (error) => report('', error),
      ),
  })
  const requests = new Places(limits.maxConcurrentRequests)

  const report = (decisionId: string, error: unknown): void => {
    callOut(
      () => environment.onInternalError?.(reportInternalError(decisionId, error)),
      // Whoever wanted to know is what has failed, so nobody is left to tell.
      () => undefined,
    )
  }

  const follow = (decisionId: string): Progress['onStepEnd'] => {
    const { onStep } = environment
    if (onStep === undefined) return undefined
    return (step, outcome, reached) => {
      callOut(
        () => onStep(reportStep(decisionId, step, outcome, reached)),
        (error) => report(decisionId, error),
      )
    }
  }

  const decide = (
    arrival: Arrival,
    decisionId: string,
    progress: Progress,
    deadline: Deadline,
  ): Verdict | Promise<Verdict> => {
    const space = bodies.open()
    const context: StepContext = {
      config: resolved,
      clock,
      callerSecrets,
      verifyAssertion,
      userProof,
      seals,
      revocations,
      introspections,
      verifyCaller,
      deadline,
      space,
    }
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
      report(decisionId, error)
      return denied({ code: 'internal_error' })
    }
    requests.take()
    try {
      const outcome = runPipeline(arrival, context, progress)
      return outcome instanceof Promise ? outcome.then(finish, fail) : finish(outcome)
    } catch (error) {
      return fail(error)
    }
  }

  const conclude = (
    verdict: Verdict,
    decisionId: string,
    progress: Progress,
    arrivedAtMs: number,
    operation: ExchangeOperation | undefined,
  ): HookAnswer => {
    const record = recordDecision(verdict, decisionId, progress, arrivedAtMs, now(), revision)
    endExchange(operation, record)
    callOut(
      () => environment.onDecision?.(record),
      (error) => report(decisionId, error),
    )
    return answer(verdict, decisionId)
  }

  const begin = (decisionId: string, arrivedAtMs: number): ExchangeOperation | undefined =>
    beginExchange(telemetry, decisionId, clock.now() - arrivedAtMs)
  const aroundStep = stepsOf(telemetry)

  const hook: Hook = {
    limits,
    revision,
    events,
    async handle({ arrivedAtMs = clock.now(), ...arrival }) {
      const decisionId = newDecisionId()
      const progress: Progress = { step: 'arrival', reached: {}, onStepEnd: follow(decisionId), aroundStep }
      const operation = begin(decisionId, arrivedAtMs)
      if (requests.areTaken) {
        return conclude(denied({ code: 'overloaded' }), decisionId, progress, arrivedAtMs, operation)
      }
      const deadline = new Deadline(arrivedAtMs, Math.min(limits.deadlineMs, latestAnswerMs), clock)
      const work = (): Verdict | Promise<Verdict> =>
        deadline.verdict(() => decide(arrival, decisionId, progress, deadline))
      const verdict = operation === undefined ? work() : operation.within(work)
      const reached = verdict instanceof Promise ? await verdict : verdict
      return conclude(reached, decisionId, progress, arrivedAtMs, operation)
    },
    mayBeOkta(request) {
      return bringsCredentials(request, authentication)
    },
    refuse(denial, arrivedAtMs = clock.now()) {
      const progress: Progress = { step: 'arrival', reached: {} }
      const decisionId = newDecisionId()
      return conclude(denied(denial), decisionId, progress, arrivedAtMs, begin(decisionId, arrivedAtMs))
    },
    async load() {
      const secretsLoaded = Promise.all([
        callerSecrets?.load(),
        seals?.load(),
        events?.load(),
        ...[...introspections.values()].map((introspection) => introspection.load()),
      ])
      const loaded = await Promise.all(
        keyCaches.map(async ({ issuer, keys }) => ({ issuer, ...(await keys.load()) })),
      )
      await secretsLoaded
      return loaded
    },
    secretsStatus() {
      const ready = (callerSecrets?.ready ?? true) && (seals?.ready ?? true)
      const fault = callerSecrets?.fault ?? describeSealingFault(seals)
      return fault === undefined ? { ready } : { ready, fault }
    },
    async sealingKeys() {
      return seals && ((await seals.publish()) ?? '')
    },
    status() {
      return keyCaches.map(({ issuer, keys }) => ({ issuer, ...keys.status() }))
    },
  }
  observeHook(telemetry, hook, { active: () => requests.taken })
  telemetry?.observe('behalf.keys.issuers', () => observeKeys(keyCaches.map(({ keys }) => keys)))
  return hook
}

function describeSealingFault({ fault }: Partial<Pick<Seals, 'fault'>> = {}): string | undefined {
  return fault === undefined ? undefined : `the keys that seals are opened with: ${fault}`
}

function verdictOf(outcome: StepOutcome<Commanded>): Verdict {
  if (outcome.ok) return { kind: 'permit', commands: outcome.value.commands }
  return outcome.fault === 'unchanged' ? { kind: 'unchanged' } : denied(outcome.fault)
}

function denied(denial: StepDenial): Verdict {
  return { kind: 'deny', denial }
}
