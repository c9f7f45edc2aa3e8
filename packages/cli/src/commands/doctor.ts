import { readFile } from 'node:fs/promises'
import { isTrustworthyUrl, runtimeFetch } from '@behalf/core/internal'
import { checks } from '../diagnosis/checks.ts'
import { type Check, type Finding, failure } from '../diagnosis/finding.ts'
import type { Installation } from '../diagnosis/installation.ts'
import { viewOrg } from '../diagnosis/org-view.ts'
import { obtainAssertion } from '../exchange/assertion.ts'
import { clientCredentialsHelp, readClientCredentials } from '../exchange/client-credentials.ts'
import { oktaCredentialsHelp, readOktaCredentials } from '../okta/credentials.ts'
import { connectToOkta } from '../okta/management-api.ts'
import { patienceOf } from '../okta/rate-limit.ts'
import { type Command, CommandError, type Terminal, UsageError } from '../terminal/command.ts'
import { readHeaderName, readOptions } from '../terminal/options.ts'
import { type Paint, paintFor } from '../terminal/paint.ts'
import { printable } from '../terminal/printable.ts'
import { whileWaiting } from '../terminal/progress.ts'

/** Examines an installation from the outside. */
export const doctor: Command = {
  name: 'doctor',
  summary: 'examine an installation from the outside, with a remedy for each finding',
  help: `Usage: behalf doctor --issuer ISSUER --hook URL [options] [--json]

Looks at everything between a user's token and API B: the issuer's metadata, keys and clock; the hook's TLS, answer,
authentication and latency; its registration at Okta and the policy rule; a whole exchange; what API B does with a
plain token; failures in Okta's System Log. What needs something that was not given is skipped. Nothing is changed.

  --issuer ISSUER       the authorization server that issues the delegated tokens
  --hook URL            the inline hook
  --hook-auth-header N  the header that carries HOOK_SECRET; Authorization by default
  --server ID           the authorization server's id at Okta; the end of the issuer by default
  --scope S             a scope that API A needs; may be repeated
  --assertion FILE      a user's token for the exchange; - reads standard input; ASSERTION by default
  --sign-in LOGIN       sign this user in at a sandbox instead
  --api-b URL           a resource of API B that needs a token
  --plain-token FILE    a machine token, for API B to refuse, when Okta issues none without a user
  --hours N             how far to read the System Log back; 24 by default
  --samples N           how often to call the hook for its latency; 20 by default
  --json                print one JSON document

What more it is given by the environment:
  HOOK_SECRET      what Okta sends to the hook
${clientCredentialsHelp}
${oktaCredentialsHelp}

Exit codes: 0 no failure, 1 at least one failure, 2 wrong use. Warnings and what was skipped do not count.

Examples:
  behalf doctor --issuer https://example.okta.com/oauth2/default --hook https://hook.example.com/inline-hook
  behalf doctor --issuer http://127.0.0.1:8090/oauth2/default --hook http://127.0.0.1:8080/inline-hook --sign-in alice@example.com`,

  async run(args, terminal) {
    const options = readOptions(args, {
      issuer: { type: 'string' },
      hook: { type: 'string' },
      'hook-auth-header': { type: 'string' },
      server: { type: 'string' },
      scope: { type: 'string', multiple: true },
      assertion: { type: 'string' },
      'sign-in': { type: 'string' },
      'api-b': { type: 'string' },
      'plain-token': { type: 'string' },
      hours: { type: 'string' },
      samples: { type: 'string' },
      json: { type: 'boolean' },
    })
    const { env, clock } = terminal
    const issuer = readUrl('--issuer', options.issuer)
    const url = readUrl('--hook', options.hook)
    if (issuer === undefined && url === undefined)
      throw new UsageError('nothing is given to look at; give --issuer, --hook or both')
    const credentials = await readOktaCredentials(env)
    const serverId = options.server ?? issuer?.split('/').at(-1) ?? 'default'
    const plainTokenFile = options['plain-token']
    const installation: Installation = {
      issuer,
      hook: {
        url,
        header: readHeaderName('--hook-auth-header', options['hook-auth-header']),
        secret: env['HOOK_SECRET'],
      },
      org:
        credentials === undefined
          ? undefined
          : viewOrg(await connectToOkta(credentials, patienceOf(terminal)), serverId, url),
      serverId,
      scopes: options.scope ?? [],
      client: await readClientCredentials(env),
      assertion: await obtainAssertion(
        { file: options.assertion, login: options['sign-in'], issuer: issuer ?? '', appId: undefined },
        terminal,
      ),
      apiB: readUrl('--api-b', options['api-b']),
      plainToken: plainTokenFile === undefined ? undefined : (await readToken(plainTokenFile)).trim(),
      hours: readCount('--hours', options.hours, 24),
      samples: readCount('--samples', options.samples, 20),
      clock,
      fetch: runtimeFetch,
    }
    const findings: Finding[] = []
    for (const [what, check] of checks) {
      const found = await whileWaiting(terminal, `looking at ${what}`, run(what, check, installation))
      findings.push(...found)
      if (options.json !== true) for (const finding of found) print(finding, terminal)
    }
    const count = (status: Finding['status']): number =>
      findings.filter((each) => each.status === status).length
    const healthy = count('failure') === 0
    if (options.json === true) terminal.print(printable(JSON.stringify({ ok: healthy, findings })))
    else {
      terminal.print('')
      terminal.print(
        `${count('failure')} failures, ${count('warning')} warnings, ${count('ok')} fine, ${count('skipped')} skipped.`,
      )
    }
    return healthy ? 0 : 1
  },
}

/** What Okta refuses is a finding like any other, and must not hide the others. */
async function run(what: string, check: Check, installation: Installation): Promise<readonly Finding[]> {
  try {
    return await check(installation)
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    return [failure(what, error.message, 'mend that and run it again')]
  }
}

function print({ check, status, detail, remedy }: Finding, terminal: Terminal): void {
  const paint: Paint = paintFor(terminal)
  const sign = {
    ok: paint.good('✓'),
    warning: paint.doubtful('!'),
    failure: paint.bad('✗'),
    skipped: paint.faint('–'),
  }[status]
  terminal.print(`${sign} ${check.padEnd(width)}  ${printable(detail)}`)
  if (remedy !== undefined) terminal.print(paint.faint(`  ${' '.repeat(width)}  → ${printable(remedy)}`))
}

const width = 24

function readUrl(option: string, value: string | undefined): string | undefined {
  if (value !== undefined && !isTrustworthyUrl(value))
    throw new UsageError(`${option} must be an https URL (http on loopback)`)
  return value
}

function readCount(option: string, value: string | undefined, fallback: number): number {
  if (value === undefined) return fallback
  if (!/^[1-9]\d{0,3}$/.test(value)) throw new UsageError(`${option} must be a number from 1 to 9999`)
  return Number(value)
}

async function readToken(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch {
    throw new CommandError('the file that --plain-token names cannot be read')
  }
}
