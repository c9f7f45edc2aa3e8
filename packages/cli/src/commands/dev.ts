import { resolve } from 'node:path'
import { findConfigFile } from '../config/config-file.ts'
import { asUsage } from '../config/unusable-options.ts'
import { startApiA } from '../dev/api-a.ts'
import { startApiB } from '../dev/api-b.ts'
import { noteCall } from '../dev/api-calls.ts'
import { type HookKeys, startHookKeys } from '../dev/hook-keys.ts'
import { describeDecision, describeEvent } from '../dev/live-log.ts'
import { type DevOrg, startDevOrg } from '../dev/org.ts'
import { startOwnApi } from '../dev/own-api.ts'
import { apiAVariables, apiBVariables, describeParties, tryCommands } from '../dev/parties.ts'
import { type ReloadingHook, startReloadingHook } from '../dev/reloading-hook.ts'
import { generateSealingKeys } from '../keys/key-pair.ts'
import type { PolicyReport } from '../policy/policy-report.ts'
import { readWith } from '../sandbox/seed-file.ts'
import { whenListening } from '../serve/listening.ts'
import type { Terminal } from '../terminal/command.ts'
import { bad, doubtful, type Line, line } from '../terminal/line.ts'
import { whileWaiting } from '../terminal/progress.ts'
import type { Input } from '../terminal/usage.ts'
import type { dev } from '../usage/dev.ts'

/** Runs everything that an exchange needs, in one terminal. */
export async function run({ options }: Input<typeof dev>, terminal: Terminal): Promise<number> {
  const found = findConfigFile(options.config)
  const configFile = found === undefined ? undefined : resolve(found)
  const running: { stop(): Promise<void> }[] = []
  const keep = <T extends { stop(): Promise<void> }>(service: T): T => {
    running.unshift(service)
    return service
  }
  try {
    await whileWaiting(terminal, 'starting', start({ options, configFile, keep }, terminal))
    await terminal.stopped
  } finally {
    // What calls is stopped before what is called.
    for (const service of running) await service.stop()
  }
  return 0
}

interface Start {
  readonly options: Input<typeof dev>['options']
  readonly configFile: string | undefined
  readonly keep: <T extends { stop(): Promise<void> }>(service: T) => T
}

async function start({ options, configFile, keep }: Start, terminal: Terminal): Promise<void> {
  const log = (party: string, text: Line): void =>
    terminal.print(describeEvent(party, text, terminal.clock.now()))
  const onFault = (error: unknown): void =>
    log('dev', error instanceof Error ? error.message : 'an unknown fault')
  const { hookNotes, parseSeed } = await import('@behalf/sandbox')
  const seed = options.seed === undefined ? undefined : await readWith(options.seed, parseSeed)
  const elsewhere = (['host', 'baseUrl', 'tls'] as const).filter((name) => seed?.[name] !== undefined)
  if (elsewhere.length > 0)
    log(
      'dev',
      `the org is on loopback over plain http; ${elsewhere.join(', ')} of the seed is for behalf sandbox`,
    )
  const { 'sandbox-port': port, 'hook-auth-header': hookAuthHeader } = options
  let hook: ReloadingHook | undefined
  let apiAUrl: string | undefined
  const org = await asUsage(() =>
    whenListening(
      () => startDevOrg({ port, hookAuthHeader, seed }, { hookUrl: () => hook?.url, apiAUrl: () => apiAUrl }),
      '--sandbox-port',
    ),
  )
  keep({ stop: () => org.sandbox.close() })
  const notes = hookNotes(org.sandbox.annotate)
  let inForce: PolicyReport = { policies: [] }
  // For this run alone, in memory: there is nothing to keep, and nothing that somebody could commit.
  const { privateJwk } = await generateSealingKeys()
  hook = keep(
    await startReloadingHook(
      {
        configFile,
        env: {
          ...terminal.env,
          ...org.hookVariables,
          HOOK_SECRET: org.hook.secret,
          HOOK_AUTH_HEADER: org.hook.header,
          SEALING_KEYS: JSON.stringify(privateJwk),
          SEALING_KEYS_FILE: undefined,
          CLIENT_IDS: org.apiA.app.clientId,
        },
        onDecision(record) {
          notes.onDecision(record)
          terminal.print(describeDecision(record))
        },
        onStep: (report) => notes.onStep(report),
        onPolicy(report) {
          inForce = report
          org.sandbox.showPolicy(report)
        },
        onComplaint: (line) => log('hook', line),
      },
      terminal.clock,
      (fault) => {
        if (fault === undefined) log('hook', 'started anew, because its sources have changed')
        else log('hook', line`${bad('not started anew')}, the one before goes on: ${fault.message}`)
        for (const detail of fault?.details ?? []) log('hook', `  ${detail}`)
        if (fault !== undefined)
          org.sandbox.showPolicy({ ...inForce, faults: [fault.message, ...(fault.details ?? [])] })
      },
    ),
  )
  const { url: hookUrl } = hook
  const hookKeys = keep(await startHookKeys(() => hook?.url ?? hookUrl, onFault))
  const isSealed = await hookKeys.areThere()
  const sealJwksUri = isSealed ? hookKeys.jwksUri : undefined
  const apiB = options['api-b'] ?? (await startExampleApiB(org))
  await startModule('API B', options['api-b-module'], apiB, apiBVariables(org))
  const apiA = options['api-a'] ?? (await startExampleApiA(org, hookKeys, apiB))
  await startModule('API A', options['api-a-module'], apiA, apiAVariables(org, sealJwksUri, apiB))
  apiAUrl = apiA
  for (const row of describeParties({ org, hook: hook.url, configFile, sealJwksUri, apiA, apiB }))
    terminal.print(row)
  if (!isSealed) {
    terminal.print('')
    terminal.print(
      line`${doubtful('!')} the hook takes bare assertions: users' tokens stand in URLs, and so in Okta's log and in traces`,
    )
    terminal.print(
      '  → sealing: sealed({ keys: process.env.SEALING_KEYS }) in the configuration; docs/sealing.md',
    )
  }
  terminal.print('')
  terminal.print('Sign a user in and let API A ask API B for their orders:')
  for (const command of tryCommands(org, apiA, options['api-a'] === undefined)) terminal.print(command)
  terminal.print('')
  terminal.print(`Look at it: ${org.sandbox.url}/`)
  terminal.print('')
  terminal.print('behalf: ready; each exchange is logged below')

  async function startModule(
    party: string,
    module: string | undefined,
    url: string,
    variables: Readonly<Record<string, string>>,
  ): Promise<void> {
    if (module === undefined) return
    const env = { ...terminal.env, ...variables }
    keep(await startOwnApi({ party, module, url, env, onLine: (text) => log(party, text) }, terminal.clock))
  }

  async function startExampleApiB({ delegation, resource, apiA: { scope } }: DevOrg): Promise<string> {
    const { origin } = keep(
      await startApiB({
        issuer: delegation.issuer,
        audience: resource,
        scope,
        onAccess: (tokenId) => noteCall(org.sandbox, { tokenId }, 'API B', true, 'answers 200'),
        onRefusal: (why) => log('API B', line`${bad('refuses')}: ${why}`),
        onFault,
      }),
    )
    return `${origin}/orders`
  }

  async function startExampleApiA(of: DevOrg, keys: HookKeys, asked: string): Promise<string> {
    const { origin } = keep(
      await whenListening(() =>
        startApiA({
          org: of,
          hookKeys: keys,
          apiB: asked,
          port: options.port,
          onRefusal: (requestId, code) => noteCall(org.sandbox, { requestId }, 'API A', false, code),
          onCall: (subject, outcome) => log('API A', `for ${subject}: ${outcome}`),
          onFault,
        }),
      ),
    )
    return `${origin}/orders`
  }
}
