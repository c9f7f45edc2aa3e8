import { viewOrg } from '../diagnosis/org-view.ts'
import { readOktaCredentials } from '../okta/credentials.ts'
import { connectToOkta } from '../okta/management-api.ts'
import { patienceOf } from '../okta/rate-limit.ts'
import { whenListening } from '../serve/listening.ts'
import { startTelemetry, tellingTo } from '../telemetry/start-telemetry.ts'
import { type Terminal, UsageError } from '../terminal/command.ts'
import type { Input } from '../terminal/usage.ts'
import type { watch } from '../usage/watch.ts'
import { LogWatch, type Look } from '../watch/log-watch.ts'
import { lookAgainAndAgain, tell } from '../watch/looking.ts'

/** Looks at an org's System Log for plain tokens. */
export async function run({ options }: Input<typeof watch>, terminal: Terminal): Promise<number> {
  const { clock } = terminal
  const { issuer, every, minutes, 'metrics-port': metricsPort } = options
  const credentials = await readOktaCredentials(terminal.env)
  if (credentials === undefined)
    throw new UsageError('OKTA_ORG_URL is not set; it is the org whose log is looked at')
  const api = await connectToOkta(credentials, patienceOf(terminal))
  const serverId = options.server ?? issuer.split('/').at(-1) ?? ''
  const hook = await viewOrg(api, serverId, options.hook).registered()
  if (options.hook !== undefined && hook === undefined)
    throw new UsageError(`the org knows no hook by the URL ${options.hook}`)
  const watched = { api, serverId, hookId: hook?.id, clients: new Set(options.client), clock }
  const log = new LogWatch(watched, clock.now() - minutes * 60_000)
  if (every === undefined) {
    const look = await log.look()
    tell(look, options.json, terminal)
    if (!options.json) terminal.print(summary(look))
    return look.sightings.length === 0 ? 0 : 1
  }
  const exported = await whenListening(
    () => startTelemetry({ serviceName: 'behalf-watch', metricsPort, host: '127.0.0.1' }, terminal),
    '--metrics-port',
  )
  if (exported?.metricsUrl !== undefined) terminal.print(`behalf: metrics at ${exported.metricsUrl}`)
  const totals = await lookAgainAndAgain(
    log,
    { everySeconds: every, json: options.json, ...tellingTo(exported) },
    terminal,
  )
  await exported?.stop()
  return totals.any ? 1 : 0
}

function summary({ sightings, tokens }: Look): string {
  return `${sightings.length} sightings; ${tokens} tokens judged.`
}
