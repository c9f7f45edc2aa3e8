import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { requireWritableState } from '../sandbox/state-file.ts'
import { type AttachedHook, summarise, welcome } from '../sandbox/welcome.ts'
import { whenListening } from '../serve/listening.ts'
import { type Command, CommandError, type Terminal, UsageError } from '../terminal/command.ts'
import { readHeaderName, readOptions, readPort } from '../terminal/options.ts'
import { paintFor } from '../terminal/paint.ts'
import { whileWaiting } from '../terminal/progress.ts'

/** Runs a local Okta org. */
export const sandbox: Command = {
  name: 'sandbox',
  summary: 'run a local Okta org',
  help: `Usage: behalf sandbox [--port N] [--hook URL] [--hook-secret S] [--hook-auth-header NAME]
                      [--seed FILE] [--state FILE] [--json]

Runs a local Okta org on loopback: authorization server, users, apps, access policy, token inline hook, with
Okta's fail-open behaviour. Prints what to set in other programs, then runs until it is stopped.

  --port N                 the port to listen on; 8090 by default, 0 for a free one
  --hook URL               the inline hook to call for client_credentials tokens; none by default
  --hook-secret S          what the org sends to the hook; HOOK_SECRET from the environment by default, else a
                           new one, which is printed
  --hook-auth-header NAME  the header that carries it; Authorization by default
  --seed FILE              what the org consists of, in YAML: the options of createSandbox; a useful org by default
  --state FILE             continue where the last run with this file ended, and write it at the end, for its owner only
  --json                   print one line of JSON instead

Examples:
  behalf sandbox
  behalf sandbox --hook http://127.0.0.1:8080/inline-hook --hook-secret hook-secret-0123456789
  behalf sandbox --seed org.yaml --state org-state.json`,

  async run(args, terminal) {
    const options = readOptions(args, {
      port: { type: 'string' },
      hook: { type: 'string' },
      'hook-secret': { type: 'string' },
      'hook-auth-header': { type: 'string' },
      seed: { type: 'string' },
      state: { type: 'string' },
      json: { type: 'boolean' },
    })
    const port = readPort(options.port, 8090)
    const hook = readHook(options.hook, options['hook-secret'], options['hook-auth-header'], terminal)
    // Loaded only now, because no other command needs it.
    const { createSandbox, defaultApiToken, parseSeed, parseState } = await import('@behalf/sandbox')
    const seed = options.seed === undefined ? {} : await readWith(options.seed, parseSeed)
    const { state: stateFile } = options
    if (stateFile !== undefined) await requireWritableState(stateFile)
    const state =
      stateFile === undefined || !existsSync(stateFile)
        ? {}
        : { state: await readWith(stateFile, parseState) }
    const attached = hook === undefined ? {} : { hook }
    const running = await whileWaiting(
      terminal,
      'starting the org',
      asUsage(whenListening(() => createSandbox({ ...seed, ...state, port, ...attached }))),
    )
    const [apiToken] = seed.apiTokens ?? [defaultApiToken]
    const summary = summarise(running, apiToken, hook)
    if (options.json === true) terminal.print(JSON.stringify(summary))
    else {
      for (const line of welcome(summary, paintFor(terminal))) terminal.print(line)
      terminal.print('')
      terminal.print(`behalf: the sandbox listens on ${running.url}`)
    }
    await terminal.stopped
    if (stateFile !== undefined)
      await writeFile(stateFile, `${JSON.stringify(running.exportState())}\n`, { mode: 0o600 })
    await running.close()
    return 0
  },
}

function readHook(
  uri: string | undefined,
  secret: string | undefined,
  headerName: string | undefined,
  { env }: Terminal,
): AttachedHook | undefined {
  if (uri === undefined) {
    if (secret !== undefined) throw new UsageError('--hook-secret needs --hook, the URL that it is sent to')
    return undefined
  }
  if (secret === '') throw new UsageError('--hook-secret must not be empty; leave it out for a new one')
  if (!/^https?:$/.test(URL.parse(uri)?.protocol ?? ''))
    throw new UsageError('--hook must be an http or https URL, such as http://127.0.0.1:8080/inline-hook')
  const header = readHeaderName('--hook-auth-header', headerName)
  const { HOOK_SECRET } = env
  return { uri, secret: secret || HOOK_SECRET || randomBytes(24).toString('base64url'), header }
}

async function readWith<T>(file: string, parse: (text: string) => T): Promise<T> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new CommandError(`the file ${file} cannot be read`)
  })
  try {
    return parse(text)
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(`${file}: ${error.message}`)
    throw error
  }
}

/** What the org says about its options is for whoever gave them. */
async function asUsage<T>(started: Promise<T>): Promise<T> {
  try {
    return await started
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message)
    throw error
  }
}
