import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import type { OrgState, ServedRequest } from '@behalf/sandbox'
import { asUsage } from '../config/unusable-options.ts'
import { replacePrivateFile } from '../files/new-file.ts'
import { placeAuthority } from '../sandbox/authority-files.ts'
import { placeOf } from '../sandbox/place.ts'
import { requestLine } from '../sandbox/request-line.ts'
import { readWith } from '../sandbox/seed-file.ts'
import { requireWritableState } from '../sandbox/state-file.ts'
import { type AttachedHook, summarise } from '../sandbox/summary.ts'
import { welcome } from '../sandbox/welcome.ts'
import { whenListening } from '../serve/listening.ts'
import { type Terminal, UsageError } from '../terminal/command.ts'
import { printJson } from '../terminal/print-json.ts'
import { whileWaiting } from '../terminal/progress.ts'
import type { Input } from '../terminal/usage.ts'
import type { sandbox } from '../usage/sandbox.ts'

/** Runs a local Okta org. */
export async function run({ options }: Input<typeof sandbox>, terminal: Terminal): Promise<number> {
  const { state: stateFile } = options
  const hook = readHook(options, terminal)
  // Loaded only now, because no other command needs it.
  const { createSandbox, defaultApiToken, parseFacts, parseSeed, parseState } = await import(
    '@behalf/sandbox'
  )
  const seed = options.seed === undefined ? {} : await readWith(options.seed, parseSeed)
  const found = options.facts === undefined ? undefined : await readWith(options.facts, parseFacts)
  for (const what of found?.unplayed ?? []) terminal.complain(`behalf: of the facts, ${what}`)
  const known = found === undefined ? {} : { facts: found.facts }
  if (stateFile !== undefined) await requireWritableState(stateFile)
  const state =
    stateFile === undefined || !existsSync(stateFile) ? {} : { state: await readWith(stateFile, parseState) }
  if (hook !== undefined && 'state' in state) requireHookOf(state.state, hook, options, terminal)
  const attached = hook === undefined ? {} : { hook }
  const { 'base-url': baseUrl, json, quiet } = options
  const { port, host, tls, authority } = placeOf(options, seed)
  if (options.ca !== undefined && !tls) throw new UsageError('--ca needs --tls')
  const placed = tls ? await placeAuthority(options.ca, authority, terminal.env) : undefined
  const place = {
    port,
    ...(host === undefined ? {} : { host }),
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(placed === undefined ? {} : { tls: { authority: placed.authority } }),
  }
  const observer = json || quiet ? {} : { onRequest: printTo(terminal) }
  const running = await whileWaiting(
    terminal,
    'starting the org',
    asUsage(() =>
      whenListening(() => createSandbox({ ...seed, ...known, ...state, ...place, ...attached, ...observer })),
    ),
  )
  const [apiToken] = seed.apiTokens ?? [defaultApiToken]
  const summary = summarise(running, apiToken, placed?.file)
  if (json) printJson(terminal, summary)
  else {
    for (const line of welcome(summary)) terminal.print(line)
    terminal.print('')
    terminal.print(`behalf: the sandbox listens on ${running.url}`)
  }
  await terminal.stopped
  if (stateFile !== undefined)
    await replacePrivateFile(stateFile, `${JSON.stringify(running.exportState())}\n`)
  await running.close()
  return 0
}

function readHook(
  {
    hook: uri,
    'hook-secret': secret,
    'hook-auth-header': header = 'Authorization',
  }: Input<typeof sandbox>['options'],
  { env: { HOOK_SECRET } }: Terminal,
): AttachedHook | undefined {
  if (uri === undefined) return undefined
  return { uri, secret: secret ?? (HOOK_SECRET || randomBytes(24).toString('base64url')), header }
}

/** A state has its hooks, which no option changes: another one would be passed over without a word. */
function requireHookOf(
  { inlineHooks }: OrgState,
  { uri, secret, header }: AttachedHook,
  { state, 'hook-secret': given }: Input<typeof sandbox>['options'],
  { env: { HOOK_SECRET } }: Terminal,
): void {
  const isSame = inlineHooks.some(
    (hook) =>
      hook.uri === uri &&
      hook.auth.type === 'header' &&
      hook.auth.header.toLowerCase() === header.toLowerCase() &&
      ((given ?? HOOK_SECRET ?? '') === '' || hook.auth.secret === secret),
  )
  if (!isSame)
    throw new UsageError(
      `--hook says otherwise than --state ${state}, which has its hooks from another run; leave --hook out, or name another file`,
    )
}

/** What the page asks by itself. */
function isOfPage(path: string): boolean {
  return path === '/' || path.startsWith('/behalf/') || path.startsWith('/api/behalf/')
}

function printTo(terminal: Pick<Terminal, 'print'>): (served: ServedRequest) => void {
  // A health check asks every few seconds.
  return (served) => {
    if (served.path !== '/healthz' && !isOfPage(served.path)) terminal.print(requestLine(served))
  }
}
