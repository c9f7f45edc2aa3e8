import type { Telemetry } from '@behalf/core'
import { asOperation, longestTimeoutMs, pause } from '@behalf/core/internal'
import { CommandError, type Terminal } from '../terminal/command.ts'
import { bad, faint, line } from '../terminal/line.ts'
import type { LogWatch, Look } from './log-watch.ts'
import type { Sighting } from './sighting.ts'
import { Totals } from './totals.ts'

/** How often is looked, and who is told. */
export interface Rhythm {
  readonly everySeconds: number
  readonly json: boolean
  readonly telemetry?: Telemetry
}

/** Looks again and again until the terminal is stopped; what Okta refuses is told, and the next look makes up for it. */
export async function lookAgainAndAgain(
  log: LogWatch,
  { everySeconds, json, telemetry }: Rhythm,
  terminal: Terminal,
): Promise<Totals> {
  const { clock, stopped } = terminal
  const totals = new Totals(telemetry)
  let isStopped = false
  const stopping = stopped.then(() => {
    isStopped = true
  })
  let formerly: Look['blindness']
  // Neither pauses nor signals that may come keep a process up.
  const stayingUp = setInterval(() => undefined, longestTimeoutMs)
  while (!isStopped) {
    try {
      const look = await asOperation(telemetry, theLook, () => log.look())
      totals.add(look)
      tell(look, json, terminal, formerly)
      formerly = look.blindness
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      if (!isStopped) terminal.complain(`behalf: the log was not looked at: ${error.message}`)
    }
    await Promise.race([stopping, pause(clock, everySeconds * 1000)])
  }
  clearInterval(stayingUp)
  return totals
}

const theLook = {
  name: 'behalf.watch.look',
  describe: ({ ok }: { readonly ok: boolean }) => ({
    attributes: { 'behalf.outcome': ok ? 'ok' : 'failed' },
    failed: !ok,
  }),
} as const

/** Prints what was seen. */
export function tell(
  { sightings, blindness }: Look,
  json: boolean,
  terminal: Terminal,
  formerly?: Look['blindness'],
): void {
  for (const sighting of sightings) {
    if (json) terminal.print(JSON.stringify(sighting))
    else print(sighting, terminal)
  }
  if (blindness !== undefined && blindness !== formerly)
    terminal.complain(
      `behalf: ${whyBlind[blindness]}, so that it cannot be told which tokens are plain; failed calls and rules are looked at`,
    )
}

const whyBlind: Readonly<Record<NonNullable<Look['blindness']>, string>> = {
  no_answers: 'the log tells of no answer that changed a token',
  no_names: "the log does not say which hook's the answers are, and without --hook every hook's would count",
}

const words: Readonly<Record<Sighting['kind'], string>> = {
  failed_call: 'failed call',
  plain_token: 'plain token',
  rule_without_hook: 'rule without hook',
}

function print({ kind, time, client, requestId, reason }: Sighting, terminal: Terminal): void {
  const parties = [
    ...(client === undefined ? [] : [`client ${client}`]),
    ...(requestId === undefined ? [] : [`request ${requestId}`]),
    ...(reason === undefined ? [] : [reason]),
  ]
  terminal.print(line`${bad('✗')} ${faint(time)}  ${words[kind].padEnd(17)}  ${parties.join(', ')}`)
}
