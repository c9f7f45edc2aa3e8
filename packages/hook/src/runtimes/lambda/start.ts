import { type Clock, systemClock, type Telemetry } from '@behalf/core'
import {
  aClock,
  aFunction,
  aName,
  anObjectWithMethods,
  aTelemetry,
  aWholeNumber,
  callOut,
  findOptionFaults,
  type OptionRules,
  waitFor,
} from '@behalf/core/internal'
import type { BehalfConfig } from '../../config/config.ts'
import type { HookEnvironment } from '../../hook-environment.ts'
import { createRefusingHook } from '../../refusing-hook.ts'
import { startHook } from '../../start-hook.ts'
import { aPath } from '../door.ts'
import { type StayingProcess, stayUp } from '../stay-up.ts'
import { awsSecrets } from './aws-secrets.ts'
import { embeddedMetrics } from './embedded-metrics.ts'
import { createLambdaHandler, type LambdaHandler } from './handler.ts'
import { KeepAlive } from './keep-alive.ts'
import { nodeHttpFetch } from './node-http-fetch.ts'

/** How {@link startLambda} starts. */
export interface LambdaStartOptions {
  /** The hook's path, which a stage or a base path of the gateway's may precede. Default `/inline-hook`. */
  readonly path?: string
  /** How long the function's initialisation may wait for configuration, secrets and keys. 0 to 60 000. Default 1 000. */
  readonly initTimeoutMs?: number
  /** Writes one line of JSON to the function's log. Default to standard output. */
  readonly log?: (line: string) => void
  /** What tells the time. Default the system's clock. */
  readonly clock?: Clock
  /**
   * The process to keep up when a rejection or an exception is handled by nobody, e.g. one that a policy has left
   * behind: listeners that would end it, as the runtime client for Node 22 has, give way to one that logs. Default none.
   */
  readonly process?: StayingProcess
  /**
   * The CloudWatch namespace of metrics that are embedded in the log (docs/telemetry.md); functions that
   * `behalf package` makes take it from `METRICS_NAMESPACE`. Default none are.
   */
  readonly metricsNamespace?: string
  /** Where spans and metrics go in place of the log. Default nowhere. */
  readonly telemetry?: Telemetry
}

/** What the members of {@link LambdaStartOptions} must be. */
export const lambdaStartOptions: OptionRules<keyof LambdaStartOptions> = {
  path: aPath,
  initTimeoutMs: aWholeNumber(0, 60_000),
  log: aFunction,
  clock: aClock,
  process: anObjectWithMethods('a process', 'on', 'removeAllListeners'),
  metricsNamespace: aName,
  telemetry: aTelemetry,
}

/**
 * Starts the hook in a Lambda function: loads the configuration, fetches secrets (those given as ARNs of
 * Secrets Manager or Systems Manager with the SDK that the runtime brings) and keys, and logs which
 * version starts with which configuration, and then one line of JSON a decision. It never fails and never takes longer than `initTimeoutMs`, because a function that does
 * not come up makes Okta issue plain tokens: while the configuration is not there, or for good when it is
 * refused, every request is denied with `internal_error` and the log says why. So it is with unknown or unusable options.
 *
 * @param loadConfig - returns the configuration; what it throws is logged and makes every request be denied
 *
 * @example
 * ```ts
 * import { configFromEnvironment } from '@behalf/hook'
 * import { startLambda } from '@behalf/hook/lambda'
 *
 * export const handler = await startLambda(() => configFromEnvironment(process.env))
 * ```
 */
export async function startLambda(
  loadConfig: () => BehalfConfig | Promise<BehalfConfig>,
  options: LambdaStartOptions = {},
): Promise<LambdaHandler> {
  const optionFaults = findOptionFaults(options, lambdaStartOptions)
  const usable = optionFaults.length === 0 ? options : {}
  const {
    path,
    initTimeoutMs = 1_000,
    log = writeLine,
    clock = systemClock,
    process: staying,
    metricsNamespace,
  } = usable
  // A log that fails must not keep the function from coming up, or from denying.
  const logRecord = (record: object): void =>
    callOut(
      () => log(JSON.stringify(record)),
      () => undefined,
    )
  if (staying !== undefined) stayUp(staying, logRecord, true)
  const telemetry =
    usable.telemetry ??
    (metricsNamespace === undefined
      ? undefined
      : embeddedMetrics(metricsNamespace, { log: logRecord, clock }))
  const environment: HookEnvironment = {
    onDecision: logRecord,
    onInternalError: logRecord,
    onEvents: logRecord,
    clock,
    fetch: nodeHttpFetch,
    ...(telemetry === undefined ? {} : { telemetry }),
  }
  if (optionFaults.length > 0) {
    logRecord({ configurationRefused: { options: optionFaults } })
    return createLambdaHandler(createRefusingHook('the options of startLambda are unusable', environment))
  }
  let handler: LambdaHandler | undefined

  const start = async (): Promise<void> => {
    const hook = await startHook(async () => awsSecrets(await loadConfig()), environment, logRecord)
    handler = createLambdaHandler(hook, { clock, ...(path === undefined ? {} : { path }) })
    for (const status of await hook.load()) if (status.fault !== undefined) logRecord({ notLoaded: status })
    const secrets = hook.secretsStatus()
    if (secrets.fault !== undefined) logRecord({ notLoaded: { secrets } })
  }
  await new KeepAlive().during(() => waitFor(start(), { clock, timeoutMs: initTimeoutMs }))
  if (handler !== undefined) return handler
  const standIn = createLambdaHandler(
    createRefusingHook('the configuration is not loaded yet', unobserved(environment)),
  )
  return (event) => (handler ?? standIn)(event)
}

/** What only stands in until the hook is there must not be counted as a refusing one for as long as the function lives. */
function unobserved({ telemetry, ...others }: HookEnvironment): HookEnvironment {
  if (telemetry === undefined) return others
  return {
    ...others,
    telemetry: {
      begin: (name, attributes, sinceMs) => telemetry.begin(name, attributes, sinceMs),
      observe: () => undefined,
    },
  }
}

/** Not `console.log`, to which Lambda adds a time and an id: a line of pure JSON can be filtered and counted. */
function writeLine(line: string): void {
  process.stdout.write(`${line}\n`)
}
