import { runtimeFetch } from '@behalf/core/internal'
import { readResourceSettings } from '../config/resource-settings.ts'
import { checks } from '../diagnosis/checks.ts'
import { type Check, type Finding, failure } from '../diagnosis/finding.ts'
import type { Installation } from '../diagnosis/installation.ts'
import { viewOrg } from '../diagnosis/org-view.ts'
import { obtainAssertion } from '../exchange/assertion.ts'
import { readClientCredentials } from '../exchange/client-credentials.ts'
import { readNamedFile } from '../files/read-file.ts'
import { readOktaCredentials } from '../okta/credentials.ts'
import { connectToOkta } from '../okta/management-api.ts'
import { patienceOf } from '../okta/rate-limit.ts'
import { CommandError, type Terminal, UsageError } from '../terminal/command.ts'
import { readInsecureHosts } from '../terminal/insecure-hosts.ts'
import { bad, doubtful, faint, good, line } from '../terminal/line.ts'
import { printJson } from '../terminal/print-json.ts'
import { whileWaiting } from '../terminal/progress.ts'
import type { Input } from '../terminal/usage.ts'
import type { doctor } from '../usage/doctor.ts'

/** Examines an installation from the outside. */
export async function run({ options }: Input<typeof doctor>, terminal: Terminal): Promise<number> {
  const { env, clock } = terminal
  const { issuer, hook: url, hours, samples } = options
  if (issuer === undefined && url === undefined)
    throw new UsageError('nothing is given to look at; give --issuer, --hook or both')
  const credentials = await readOktaCredentials(env)
  const serverId = options.server ?? issuer?.split('/').at(-1) ?? 'default'
  const usersIssuer = options['user-issuer'] ?? env['ISSUER']
  const plainTokenFile = options['plain-token']
  const installation: Installation = {
    issuer,
    hook: {
      url,
      header: options['hook-auth-header'],
      secret: env['HOOK_SECRET'],
    },
    org:
      credentials === undefined
        ? undefined
        : viewOrg(await connectToOkta(credentials, patienceOf(terminal)), serverId, url),
    serverId,
    resource: readResourceSettings(options.resource, env),
    usersIssuer,
    scopes: options.scope,
    client: await readClientCredentials(env),
    assertion: await obtainAssertion(
      {
        file: options.assertion,
        login: options['sign-in'],
        issuer: issuer ?? '',
        userIssuer: usersIssuer,
        appId: options.app,
      },
      terminal,
    ),
    apiB: options['api-b'],
    plainToken:
      plainTokenFile === undefined
        ? undefined
        : (await readNamedFile(plainTokenFile, 'the file that --plain-token names')).trim(),
    hours,
    samples,
    insecureHosts: readInsecureHosts(env),
    clock,
    fetch: runtimeFetch,
  }
  const findings: Finding[] = []
  for (const [what, check] of checks) {
    const found = await whileWaiting(terminal, `looking at ${what}`, look(what, check, installation))
    findings.push(...found)
    if (!options.json) for (const finding of found) print(finding, terminal)
  }
  const count = (status: Finding['status']): number =>
    findings.filter((each) => each.status === status).length
  const healthy = count('failure') === 0
  if (options.json) printJson(terminal, { ok: healthy, findings })
  else {
    terminal.print('')
    terminal.print(
      `${count('failure')} failures, ${count('warning')} warnings, ${count('ok')} fine, ${count('skipped')} skipped.`,
    )
  }
  return healthy ? 0 : 1
}

/** What Okta refuses is a finding like any other, and must not hide the others. */
async function look(what: string, check: Check, installation: Installation): Promise<readonly Finding[]> {
  try {
    return await check(installation)
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    return [failure(what, error.message, 'mend that and run it again')]
  }
}

function print({ check, status, detail, remedy }: Finding, terminal: Terminal): void {
  const sign = { ok: good('✓'), warning: doubtful('!'), failure: bad('✗'), skipped: faint('–') }[status]
  terminal.print(line`${sign} ${check.padEnd(width)}  ${detail}`)
  if (remedy !== undefined) terminal.print(faint(`  ${' '.repeat(width)}  → ${remedy}`))
}

const width = 24
