import { randomBytes } from 'node:crypto'
import { type Command, type Terminal, UsageError } from '../command.ts'
import { whenListening } from '../listening.ts'
import { readOptions, readPort } from '../options.ts'
import { paintFor } from '../output/paint.ts'
import { whileWaiting } from '../output/progress.ts'
import { type AttachedHook, summarise, welcome } from '../sandbox/welcome.ts'

/** Runs a local Okta org. */
export const sandbox: Command = {
  name: 'sandbox',
  summary: 'run a local Okta org',
  help: `Usage: behalf sandbox [--port N] [--hook URL] [--hook-secret S] [--hook-auth-header NAME] [--json]

Runs a local Okta org on loopback: authorization server, users, apps, access policy, token inline hook, with
Okta's fail-open behaviour. Prints what to set in other programs, then runs until it is stopped.

  --port N                 the port to listen on; 8090 by default, 0 for a free one
  --hook URL               the inline hook to call for client_credentials tokens; none by default
  --hook-secret S          what the org sends to the hook; HOOK_SECRET from the environment by default, else a
                           new one, which is printed
  --hook-auth-header NAME  the header that carries it; Authorization by default
  --json                   print one line of JSON instead

Examples:
  behalf sandbox
  behalf sandbox --hook http://127.0.0.1:8080/inline-hook --hook-secret s3cret`,

  async run(args, terminal) {
    const options = readOptions(args, {
      port: { type: 'string' },
      hook: { type: 'string' },
      'hook-secret': { type: 'string' },
      'hook-auth-header': { type: 'string' },
      json: { type: 'boolean' },
    })
    const port = readPort(options.port, 8090)
    const hook = readHook(options.hook, options['hook-secret'], options['hook-auth-header'], terminal)
    // Loaded only now, because no other command needs it.
    const { createSandbox, defaultOrg } = await import('@behalf/sandbox')
    const running = await whileWaiting(
      terminal,
      'starting the org',
      whenListening(() => createSandbox({ port, ...(hook === undefined ? {} : { hook }) })),
    )
    const summary = summarise(running, defaultOrg.authorizationServers, hook)
    if (options.json === true) terminal.print(JSON.stringify(summary))
    else {
      for (const line of welcome(summary, paintFor(terminal))) terminal.print(line)
      terminal.print('')
      terminal.print(`behalf: the sandbox listens on ${running.url}`)
    }
    await terminal.stopped
    await running.close()
    return 0
  },
}

function readHook(
  uri: string | undefined,
  secret: string | undefined,
  header = 'Authorization',
  { env }: Terminal,
): AttachedHook | undefined {
  if (uri === undefined) {
    if (secret !== undefined) throw new UsageError('--hook-secret needs --hook, the URL that it is sent to')
    return undefined
  }
  if (!/^https?:$/.test(URL.parse(uri)?.protocol ?? ''))
    throw new UsageError('--hook must be an http or https URL, such as http://127.0.0.1:8080/inline-hook')
  return { uri, secret: secret ?? env['HOOK_SECRET'] ?? randomBytes(24).toString('base64url'), header }
}
