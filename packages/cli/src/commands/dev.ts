import { resolve } from 'node:path'
import { findConfigFile } from '../config/config-file.ts'
import { startApiA } from '../dev/api-a.ts'
import { startApiB } from '../dev/api-b.ts'
import { describeDecision, describeEvent } from '../dev/live-log.ts'
import { parties, startDevOrg } from '../dev/org.ts'
import { type ReloadingHook, startReloadingHook } from '../dev/reloading-hook.ts'
import { exampleResource } from '../sandbox/layout.ts'
import { whenListening } from '../serve/listening.ts'
import type { Terminal } from '../terminal/command.ts'
import { bad, type Line, line } from '../terminal/line.ts'
import { whileWaiting } from '../terminal/progress.ts'
import { alignRows } from '../terminal/table.ts'
import type { Input } from '../terminal/usage.ts'
import type { dev } from '../usage/dev.ts'

/** Runs everything that an exchange needs, in one terminal. */
export async function run({ options }: Input<typeof dev>, terminal: Terminal): Promise<number> {
  const { 'hook-auth-header': hookAuthHeader } = options
  const ports = { apiA: options.port, sandbox: options['sandbox-port'] }
  const found = findConfigFile(options.config)
  const configFile = found === undefined ? undefined : resolve(found)
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
}

interface Start {
  readonly ports: { readonly apiA: number; readonly sandbox: number }
  readonly configFile: string | undefined
  readonly hookAuthHeader: string
  readonly keep: <T extends { stop(): Promise<void> }>(service: T) => T
}

async function start({ ports, configFile, hookAuthHeader, keep }: Start, terminal: Terminal): Promise<void> {
  const log = (party: string, text: Line): void =>
    terminal.print(describeEvent(party, text, terminal.clock.now()))
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
          ISSUER: org.users.issuer,
          AUDIENCE: org.users.audience,
          RESOURCE: exampleResource,
          RESOURCE_VERIFIER: 'behalf',
          HOOK_SECRET: org.hookSecret,
          HOOK_AUTH_HEADER: hookAuthHeader,
          CLIENT_IDS: parties.apiA,
        },
        onDecision: (record) => terminal.print(describeDecision(record)),
        onComplaint: (line) => log('hook', line),
      },
      terminal.clock,
      (fault) => {
        if (fault === undefined) log('hook', 'started anew, because its sources have changed')
        else log('hook', line`${bad('not started anew')}, the one before goes on: ${fault.message}`)
        for (const detail of fault?.details ?? []) log('hook', `  ${detail}`)
      },
    ),
  )
  const apiB = keep(
    await startApiB({
      issuer: org.delegation.issuer,
      audience: exampleResource,
      onRefusal: (why) => log('API B', line`${bad('refuses')}: ${why}`),
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
    ['org', org.sandbox.url, `users sign in at ${org.users.issuer}, API A asks ${org.delegation.issuer}`],
    [
      'hook',
      hook.url,
      configFile === undefined ? 'configured by the environment' : 'started anew when its sources change',
    ],
    ['API A', `${apiA.origin}/orders`, `takes users' tokens for ${org.users.audience}`],
    ['API B', `${apiB.origin}/orders`, `takes delegated tokens for ${exampleResource}`],
  ]
  for (const row of alignRows(rows)) terminal.print(row)
  terminal.print('')
  terminal.print('Sign a user in and let API A ask API B for their orders:')
  for (const { login } of org.sandbox.users) terminal.print(`  curl '${apiA.origin}/try?user=${login}'`)
  terminal.print('')
  terminal.print('behalf: ready; each exchange is logged below')
}
