import type { JsonObject } from '@behalf/core'
import { textAt } from '../../okta/members.ts'
import { type Check, failure, ok } from '../finding.ts'
import { registeredHook } from './registration.ts'

const hourMs = 60 * 60 * 1000
const shownReasons = 3

/** Okta logs when a hook did not answer or its answer was dropped; each of these was a plain token. */
export const checkSystemLog: Check = async ({ api, hours, clock, hook: { url } }) => {
  const check = 'System Log'
  if (api === undefined) return []
  const hook = await registeredHook(api, url)
  const query = new URLSearchParams({
    since: new Date(clock.now() - hours * hourMs).toISOString(),
    // Without an end, the log is a stream that has always a next page.
    until: new Date(clock.now() + hourMs).toISOString(),
    filter: 'eventType eq "inline_hook.executed" or eventType eq "inline_hook.response.processed"',
    limit: '1000',
  })
  const events = await api.list(`/api/v1/logs?${query}`)
  const failures = events.filter(
    (event) =>
      textAt(event, 'outcome', 'result') === 'FAILURE' &&
      // A denial is logged as a failure, too; its text begins with the hook's code.
      !/^[a-z]+(_[a-z]+)+: /.test(textAt(event, 'outcome', 'reason')) &&
      (hook === undefined || concerns(event, textAt(hook, 'id'))),
  )
  if (failures.length === 0) return [ok(check, `no failure of the hook in the last ${hours} h`)]
  const reasons = countReasons(failures)
  return [
    failure(
      check,
      `${failures.length} plain tokens in the last ${hours} h because the hook failed: ${reasons.slice(0, shownReasons).join('; ')}`,
      "compare with the hook's own log and with alarms of its platform; 'no answer' points to its capacity, 'dropped' to its configuration of claims",
    ),
  ]
}

function concerns(event: JsonObject, hookId: string): boolean {
  const { target } = event
  return Array.isArray(target) && target.some((party) => Object(party).id === hookId)
}

function countReasons(events: readonly JsonObject[]): string[] {
  const counts = new Map<string, number>()
  for (const event of events) {
    const reason = textAt(event, 'outcome', 'reason') || 'no reason given'
    counts.set(reason, (counts.get(reason) ?? 0) + 1)
  }
  return [...counts].toSorted(([, a], [, b]) => b - a).map(([reason, count]) => `${count} × ${reason}`)
}
