import { createHook, type Hook } from '@behalf/hook'
import { startNodeServer, stayUp } from '@behalf/hook/node'
import { findConfigFile, loadConfig } from '../config/config-file.ts'
import { reloadOnChange } from '../policy/hot-reload.ts'
import { type PolicyReport, reportPolicy } from '../policy/policy-report.ts'
import { createDecisionLog } from '../serve/decision-log.ts'
import { whenListening } from '../serve/listening.ts'
import { startTelemetry, tellingTo } from '../telemetry/start-telemetry.ts'
import type { Terminal } from '../terminal/command.ts'
import type { Input } from '../terminal/usage.ts'
import type { serve } from '../usage/serve.ts'

/** Runs the hook as a server. */
export async function run({ options }: Input<typeof serve>, terminal: Terminal): Promise<number> {
  const { port, host, 'drain-delay': drainDelayMs, 'metrics-port': metricsPort } = options
  const exported = await whenListening(
    () => startTelemetry({ serviceName: 'behalf-hook', metricsPort, host }, terminal),
    '--metrics-port',
  )
  const file = findConfigFile(options.config)
  const config = await loadConfig(file, terminal.env)
  const onInternalError = createDecisionLog(terminal.logs.errors)
  const onLoss = (what: string): void => terminal.complain(`behalf: decisions are not recorded: ${what}`)
  const onDecision = createDecisionLog(terminal.logs.output, { onLoss })
  const steps = options.steps ? { onStep: onDecision } : {}
  const hook = createHook(config, {
    onDecision,
    onInternalError,
    onEvents: onDecision,
    ...steps,
    ...tellingTo(exported),
  })
  const running = await whenListening(() => startNodeServer(hook, { port, host, drainDelayMs }))
  stayUp(process, onInternalError)
  terminal.print(`behalf: the hook listens on ${running.origin}/inline-hook`)
  if (exported?.metricsUrl !== undefined) terminal.print(`behalf: metrics at ${exported.metricsUrl}`)
  if (config.clients === 'any') {
    const cause = file === undefined ? 'CLIENT_IDS is not set' : `clients is 'any' in ${file}`
    terminal.complain(`behalf: ${cause}, so every client that Okta lets through may exchange assertions`)
  }
  void reportNotLoaded(hook, terminal)
  const tellPolicy = options.steps
    ? (report: PolicyReport) => onDecision({ policyInForce: report })
    : undefined
  tellPolicy?.(reportPolicy(config.policy))
  const stopReloading = reloadOnChange(config, terminal, tellPolicy)
  await terminal.stopped
  stopReloading()
  await running.stop()
  await exported?.stop()
  return 0
}

/** The server is up already: a hook that cannot decide must deny, because one that is down lets tokens through. */
async function reportNotLoaded(hook: Hook, terminal: Terminal): Promise<void> {
  for (const { issuer, fault } of await hook.load()) {
    if (fault !== undefined)
      terminal.complain(`behalf: no keys of ${issuer} yet, exchanges are denied: ${fault}`)
  }
  const { fault } = hook.secretsStatus()
  if (fault !== undefined) terminal.complain(`behalf: secrets are missing, Okta may be denied: ${fault}`)
}
