import { resolve } from 'node:path'
import { findConfigFile } from '../config/config-file.ts'
import { startApiA } from '../dev/api-a.ts'
import { startApiB } from '../dev/api-b.ts'
import { describeDecision, describeEvent } from '../dev/live-log.ts'
import { parties, startDevOrg } from '../dev/org.ts'
import { type ReloadingHook, startReloadingHook } from '../dev/reloading-hook.ts'
import { whenListening } from '../serve/listening.ts'
import type { Command, Terminal } from '../terminal/command.ts'
import { readHeaderName, readOptions, readPort } from '../terminal/options.ts'
import { paintFor } from '../terminal/paint.ts'
import { whileWaiting } from '../terminal/progress.ts'
import { alignRows } from '../terminal/table.ts'

/** Runs everything that an exchange needs, in one terminal. */
export const dev: Command = {
  name: 'dev',
  summary: 'run a local Okta org, the hook with reload on change, API A and API B, all wired',
  help: `Usage: behalf dev [--config FILE] [--port N] [--sandbox-port N] [--hook-auth-header NAME]

Runs a local Okta org, your hook, an API A that exchanges tokens and an API B that accepts them, and logs each exchange.
When a source file beside the configuration changes, the hook is started anew; a faulty one is told about, and the one
before goes on. The hook's environment has ISSUER, AUDIENCE, HOOK_SECRET, HOOK_AUTH_HEADER and CLIENT_IDS
of the local org.

  --config FILE     the configuration; behalf.config.ts in this folder by default, else the environment
  --port N          the port of API A; 3000 by default, 0 for a free one
  --sandbox-port N  the port of the org; 8090 by default, 0 for a free one
  --hook-auth-header NAME
                    the header in which the org sends the secret; Authorization by default

Examples:
  behalf dev
  behalf dev --config staging.config.ts --port 0`,

  async run(args, terminal) {
    const options = readOptions(args, {
      config: { type: 'string' },
      port: { type: 'string' },
      'sandbox-port': { type: 'string' },
      'hook-auth-header': { type: 'string' },
    })
    const ports = {
      apiA: readPort(options.port, 3000),
      sandbox: readPort(options['sandbox-port'], 8090, '--sandbox-port'),
    }
    const found = findConfigFile(options.config)
    const configFile = found === undefined ? undefined : resolve(found)
    const hookAuthHeader = readHeaderName('--hook-auth-header', options['hook-auth-header'])
    const running: { stop(): Promise<void> }[] = []
    const keep = <T extends { stop(): Promise<void> }>(service: T): T => {
      running.unshift(service)
      return service
    }
    try {
      await whileWaiting(terminal, 'starting', start({ ports, configFile, hookAuthHeader, keep }, terminal))
      await terminal.stopped
    } finally {
      // What calls is stopped before what is called.
      for (const service of running) await service.stop()
    }
    return 0
  },
}

interface Start {
  readonly ports: { readonly apiA: number; readonly sandbox: number }
  readonly configFile: string | undefined
  readonly hookAuthHeader: string
  readonly keep: <T extends { stop(): Promise<void> }>(service: T) => T
}

async function start({ ports, configFile, hookAuthHeader, keep }: Start, terminal: Terminal): Promise<void> {
  const paint = paintFor(terminal)
  const log = (party: string, text: string): void =>
    terminal.print(describeEvent(party, text, terminal.clock.now(), paint))
  const onFault = (error: unknown): void =>
    log('dev', error instanceof Error ? error.message : 'an unknown fault')
  let hook: ReloadingHook | undefined
  const org = await whenListening(
    () => startDevOrg(ports.sandbox, hookAuthHeader, () => hook?.url),
    '--sandbox-port',
  )
  keep({ stop: () => org.sandbox.close() })
  hook = keep(
    await startReloadingHook(
      {
        configFile,
        env: {
          ...terminal.env,
          ISSUER: org.a.issuer,
          AUDIENCE: org.a.audience,
          HOOK_SECRET: org.hookSecret,
          HOOK_AUTH_HEADER: hookAuthHeader,
          CLIENT_IDS: parties.apiA,
        },
        onDecision: (record) => terminal.print(describeDecision(record, paint)),
        onComplaint: (line) => log('hook', line),
      },
      terminal.clock,
      (fault) =>
        fault === undefined
          ? log('hook', 'started anew, because its sources have changed')
          : log('hook', `${paint.bad('not started anew')}, the one before goes on: ${fault}`),
    ),
  )
  const apiB = keep(
    await startApiB({
      ...org.b,
      onRefusal: (code) => log('API B', `${paint.bad('refuses')}: ${code}`),
      onFault,
    }),
  )
  const apiA = keep(
    await whenListening(() =>
      startApiA({
        org,
        apiB: apiB.origin,
        port: ports.apiA,
        onCall: (subject, outcome) => log('API A', `for ${subject}: ${outcome}`),
        onFault,
      }),
    ),
  )
  const rows = [
    ['org', org.sandbox.url, `users sign in at ${org.a.issuer}, API A asks ${org.b.issuer}`],
    [
      'hook',
      hook.url,
      configFile === undefined ? 'configured by the environment' : 'started anew when its sources change',
    ],
    ['API A', `${apiA.origin}/orders`, `takes tokens for ${org.a.audience}`],
    ['API B', `${apiB.origin}/orders`, `takes delegated tokens for ${org.b.audience}`],
  ]
  for (const line of alignRows(rows)) terminal.print(line)
  terminal.print('')
  terminal.print('Sign a user in and let API A ask API B for their orders:')
  for (const { login } of org.sandbox.users) terminal.print(`  curl '${apiA.origin}/try?user=${login}'`)
  terminal.print('')
  terminal.print('behalf: ready; each exchange is logged below')
}
