import { createHook, type Hook } from '@behalf/hook'
import { startNodeServer } from '@behalf/hook/node'
import { findConfigFile, loadConfig } from '../config/config-file.ts'
import { reloadOnChange } from '../policy/hot-reload.ts'
import { createDecisionLog } from '../serve/decision-log.ts'
import { whenListening } from '../serve/listening.ts'
import { stayUp } from '../serve/stay-up.ts'
import { type Command, type Terminal, UsageError } from '../terminal/command.ts'
import { readOptions, readPort } from '../terminal/options.ts'

/** Runs the hook as a server. */
export const serve: Command = {
  name: 'serve',
  summary: 'run the inline hook as an HTTP server',
  help: `Usage: behalf serve [--config FILE] [--port N] [--host H] [--drain-delay MS]

Runs the inline hook: POST /inline-hook, GET /healthz, GET /readyz. Prints where it listens, and then one JSON line a decision.
Policies in files are read again when they change; faulty ones are refused, and those before stay in force.

  --config FILE  the configuration; behalf.config.ts in this folder by default, else the environment:
                 ISSUER, AUDIENCE, HOOK_SECRET or HOOK_SECRET_FILE, and optionally HOOK_SECRET_PREVIOUS (or …_FILE),
                 HOOK_AUTH_HEADER, CLIENT_IDS, POLICY_FILES (Cedar files or folders)
  --port N       the port to listen on; 8080 by default, 0 for a free one
  --host H       the address to listen on; 127.0.0.1 by default
  --drain-delay MS
                 how long to keep serving after SIGTERM, when /readyz has turned to 503 already, so that load
                 balancers notice before connections are refused; 2000 by default. A second signal ends at once.

Example:
  ISSUER=https://example.okta.com/oauth2/default AUDIENCE=api://a HOOK_SECRET=… behalf serve`,

  async run(args, terminal) {
    const options = readOptions(args, {
      config: { type: 'string' },
      port: { type: 'string' },
      host: { type: 'string' },
      'drain-delay': { type: 'string' },
    })
    const port = readPort(options.port, 8080)
    const drainDelayMs = readDrainDelay(options['drain-delay'])
    const file = findConfigFile(options.config)
    const config = await loadConfig(file, terminal.env)
    const onInternalError = createDecisionLog(process.stderr)
    const onLoss = (what: string): void => terminal.complain(`behalf: decisions are not recorded: ${what}`)
    const onDecision = createDecisionLog(process.stdout, { onLoss })
    const hook = createHook(config, { onDecision, onInternalError })
    const running = await whenListening(() =>
      startNodeServer(hook, { port, drainDelayMs, ...(options.host ? { host: options.host } : {}) }),
    )
    stayUp(onInternalError)
    terminal.print(`behalf: the hook listens on ${running.origin}/inline-hook`)
    if (config.clients === 'any') {
      const cause = file === undefined ? 'CLIENT_IDS is not set' : `clients is 'any' in ${file}`
      terminal.complain(`behalf: ${cause}, so every client that Okta lets through may exchange assertions`)
    }
    void reportNotLoaded(hook, terminal)
    const stopReloading = reloadOnChange(config, terminal)
    await terminal.stopped
    stopReloading()
    await running.stop()
    return 0
  },
}

function readDrainDelay(value: string | undefined): number {
  if (value === undefined) return 2_000
  if (!/^\d{1,6}$/.test(value) || Number(value) > 600_000)
    throw new UsageError('--drain-delay must be a number of milliseconds, up to 600000')
  return Number(value)
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
