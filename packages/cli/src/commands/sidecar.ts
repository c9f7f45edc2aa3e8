import { existsSync } from 'node:fs'
import { BehalfError } from '@behalf/core'
import { describeError } from '@behalf/hook'
import {
  defineSidecar,
  type SidecarConfig,
  type SidecarParts,
  sidecarFromEnvironment,
  startSidecar,
} from '@behalf/sidecar'
import { loadModule } from '../config/load-module.ts'
import { asUsage } from '../config/unusable-options.ts'
import { createDecisionLog } from '../serve/decision-log.ts'
import { whenListening } from '../serve/listening.ts'
import { startTelemetry, tellingTo } from '../telemetry/start-telemetry.ts'
import { type Terminal, UsageError } from '../terminal/command.ts'
import type { Input } from '../terminal/usage.ts'
import type { sidecar } from '../usage/sidecar.ts'

/** Where the configuration is unless the command is told otherwise. */
const defaultConfigFile = 'sidecar.config.ts'

/** Runs the sidecar as a server. */
export async function run({ options }: Input<typeof sidecar>, terminal: Terminal): Promise<number> {
  const { port, host, 'drain-delay': drainDelayMs, 'metrics-port': metricsPort } = options
  const exported = await whenListening(
    () => startTelemetry({ serviceName: 'behalf-sidecar', metricsPort, host }, terminal),
    '--metrics-port',
  )
  const config = withLog(await loadConfig(options.config, terminal, tellingTo(exported)), terminal)
  const running = await whenListening(() =>
    asUsage(() => startSidecar({ ...config, port, host, drainDelayMs })),
  )
  const places = [
    ...(config.token === undefined ? [] : [`${running.origin}/token`]),
    ...(config.verify === undefined ? [] : [`${running.origin}/verify`]),
  ]
  terminal.print(`behalf: the sidecar listens on ${places.join(' and ')}`)
  if (exported?.metricsUrl !== undefined) terminal.print(`behalf: metrics at ${exported.metricsUrl}`)
  void reportNotLoaded(config, terminal)
  await terminal.stopped
  await running.stop()
  await exported?.stop()
  return 0
}

async function loadConfig(
  named: string | undefined,
  { env }: Terminal,
  telling: SidecarParts,
): Promise<SidecarConfig> {
  const file = named ?? (existsSync(defaultConfigFile) ? defaultConfigFile : undefined)
  if (file === undefined) return asUsage(async () => sidecarFromEnvironment(env, telling))
  if (!existsSync(file)) throw new UsageError(`the configuration file ${file} does not exist`)
  const { default: config } = await loadModule(file, 'the configuration file')
  if (!isConfig(config))
    throw new UsageError(`the configuration file ${file} must export defineSidecar({…}) by default`)
  return { ...telling, ...config }
}

/** Only tells that there is something to check; `startSidecar` refuses what is wrong with it. */
function isConfig(value: unknown): value is SidecarConfig {
  return typeof value === 'object' && value !== null
}

/** Adds a line for each refusal to what the configuration does about it itself. */
function withLog(config: SidecarConfig, { clock, logs, complain }: Terminal): SidecarConfig {
  const onLoss = (what: string): void => complain(`behalf: refusals are not recorded: ${what}`)
  const write = createDecisionLog(logs.output, { onLoss })
  const record = (endpoint: string, refusal: object): void =>
    write({ time: new Date(clock.now()).toISOString(), event: 'refused', endpoint, ...refusal })
  const { token, verify } = config
  return defineSidecar({
    ...config,
    ...(token && {
      token: {
        ...token,
        onRefusal: (refusal) => {
          const { cause, ...others } = refusal
          record('token', { ...others, ...describeCause(cause) })
          token.onRefusal?.(refusal)
        },
      },
    }),
    ...(verify && {
      verify: {
        ...verify,
        onRefusal: (refusal) => {
          const { cause, ...others } = refusal
          record('verify', { ...others, ...describeCause(cause) })
          verify.onRefusal?.(refusal)
        },
      },
    }),
  })
}

async function reportNotLoaded({ token, verify }: SidecarConfig, { complain }: Terminal): Promise<void> {
  for (const verifier of [token?.verifier, token?.actorVerifier, verify?.verifier]) {
    const { issuers = [] } = (await verifier?.loadKeys({ mayFail: true })) ?? {}
    for (const { issuer, fault } of issuers)
      if (fault !== undefined) complain(`behalf: no keys of ${issuer} yet, requests are refused: ${fault}`)
  }
}

/** What the operator is told besides what the caller was. */
function describeCause(cause: Error | undefined): object {
  if (cause === undefined) return {}
  if (!(cause instanceof BehalfError)) return { cause: describeError(cause) }
  const { code, detail } = cause
  return { code, ...(detail === undefined ? {} : { detail }) }
}
