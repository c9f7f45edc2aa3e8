import { type Clock, systemClock } from '@behalf/core'
import {
  aClock,
  aFunction,
  callOut,
  findOptionFaults,
  late,
  type OptionRules,
  refuseOptions,
  waitFor,
} from '@behalf/core/internal'
import type { BehalfConfig } from '../config/config.ts'
import type { Hook } from '../hook.ts'
import type { HookEnvironment } from '../hook-environment.ts'
import { createRefusingHook } from '../refusing-hook.ts'
import { startHook } from '../start-hook.ts'
import { aPath } from './door.ts'
import { answerFetch } from './fetch-request.ts'

/** What Cloudflare Workers passes besides the request; what is promised here goes on after the answer. */
export interface WorkerContext {
  waitUntil(promise: Promise<unknown>): void
}

/** How {@link createWorker} serves. */
export interface WorkerOptions {
  /** The hook's path. Default `/inline-hook`. */
  readonly path?: string
  /** Writes one line of JSON a decision. Default `console.log`. */
  readonly log?: (line: string) => void
  /** What tells the time. Default the system's clock. */
  readonly clock?: Clock
}

/** What the members of {@link WorkerOptions} must be. */
export const workerOptions: OptionRules<keyof WorkerOptions> = { path: aPath, log: aFunction, clock: aClock }

/** A Worker that answers requests. */
export interface FetchWorker<Env> {
  fetch(request: Request, env: Env, context?: WorkerContext): Promise<Response>
}

/**
 * Serves a hook from Cloudflare Workers. The hook is made with the first request, because that is when a
 * Worker gets its variables and secrets, and lives as long as the isolate. A configuration that is refused
 * makes every request be denied with `internal_error`, and the log says why; so does, for one request, a configuration
 * that takes longer than a second. Needs the compatibility flag
 * `nodejs_compat`; signatures are RS256, RS384, RS512 or EdDSA there.
 *
 * @param loadConfig - makes the configuration from the Worker's variables and secrets
 *
 * @throws TypeError that lists every option that is unknown or unusable; the deployment fails then
 *
 * @example
 * ```ts
 * import { configFromEnvironment } from '@behalf/hook'
 * import { createWorker } from '@behalf/hook/workers'
 *
 * export default createWorker((env: Record<string, string>) => configFromEnvironment(env))
 * ```
 *
 * @see https://developers.cloudflare.com/workers/runtime-apis/nodejs/
 */
export function createWorker<Env>(
  loadConfig: (env: Env) => BehalfConfig | Promise<BehalfConfig>,
  options: WorkerOptions = {},
): FetchWorker<Env> {
  refuseOptions('createWorker', [
    ...(aFunction.holds(loadConfig) ? [] : ['loadConfig: expected a function']),
    ...findOptionFaults(options, workerOptions),
  ])
  const { path = '/inline-hook', log = console.log, clock = systemClock } = options
  // A log that fails must not keep the hook from denying.
  const logRecord = (record: object): void =>
    callOut(
      () => log(JSON.stringify(record)),
      () => undefined,
    )
  const environment: HookEnvironment = {
    onDecision: logRecord,
    onInternalError: logRecord,
    onEvents: logRecord,
    clock,
  }
  const notStarted = createRefusingHook('the configuration is not loaded yet', environment)
  let hook: Hook | undefined
  /** Every request waits for its own start, because a Worker ends what a request has begun together with it. */
  const start = async (env: Env): Promise<Hook> => {
    const started = await startHook(() => loadConfig(env), environment, logRecord)
    hook ??= started
    return hook
  }
  const answer = async (
    request: Request,
    starting: Hook | Promise<Hook>,
    arrivedAtMs: number,
  ): Promise<Response> => {
    const started =
      starting instanceof Promise ? await waitFor(starting, { clock, timeoutMs: startTimeoutMs }) : starting
    return answerFetch(started === late ? notStarted : started, request, path, arrivedAtMs)
  }
  return {
    fetch(request, env, context) {
      const starting = hook ?? start(env)
      const answered = answer(request, starting, clock.now())
      // What a request has begun ends with it, also when its sender goes away: fetches of keys and secrets that others
      // wait for, and the count of requests that are under way. Here it goes on until all of it is done.
      context?.waitUntil(answered.then(async () => (await starting).load()))
      return answered
    },
  }
}

/** How long a request waits for the configuration; after that it is denied, and the next one tries again. */
const startTimeoutMs = 1_000
