import { type ErrorCode, errorTable, type JsonObject } from '@behalf/core'
import { concernsAnotherHook, denialOf, hookEvents, isFailedCall } from '../../okta/hook-events.ts'
import { textAt } from '../../okta/members.ts'
import { type Check, type Finding, failure, ok, warning } from '../finding.ts'

const hourMs = 60 * 60 * 1000
const shownReasons = 3

/**
 * Okta logs when a hook did not answer or its answer was dropped; each of these was a plain token. What the hook denied
 * is logged as a failure, too, and is none: the code in the text tells. What does not say which hook it is about counts, because
 * nobody knows whether Okta says so.
 */
export const checkSystemLog: Check = async ({ org, hours, clock }) => {
  if (org === undefined) return []
  const hook = await org.registered()
  const query = new URLSearchParams({
    since: new Date(clock.now() - hours * hourMs).toISOString(),
    // Without an end, the log is a stream that has always a next page.
    until: new Date(clock.now() + hourMs).toISOString(),
    filter: hookEvents,
    limit: '1000',
  })
  const events = (await org.api.list(`/api/v1/logs?${query}`)).filter(
    (event) => hook === undefined || !concernsAnotherHook(event, hook.id),
  )
  const unsuccessful = events.filter((event) =>
    ['FAILURE', 'DENY'].includes(textAt(event, 'outcome', 'result')),
  )
  const denials = unsuccessful.flatMap((event) => denialOf(event) ?? [])
  const failures = unsuccessful.filter(isFailedCall)
  return [judgeFailures(failures, hours), ...judgeDenials(denials, hours)]
}

function judgeFailures(failures: readonly JsonObject[], hours: number): Finding {
  const check = 'System Log'
  if (failures.length === 0) return ok(check, `no failure of the hook in the last ${hours} h`)
  const reasons = count(failures.map((event) => textAt(event, 'outcome', 'reason') || 'no reason given'))
  return failure(
    check,
    `${failures.length} plain tokens in the last ${hours} h because the hook failed: ${reasons.slice(0, shownReasons).join('; ')}`,
    "compare with the hook's own log and with alarms of its platform; 'no answer' points to its capacity, 'dropped' to its configuration of claims",
  )
}

/** No token was issued for any of these. Some are for the operator to look at. */
function judgeDenials(denials: readonly ErrorCode[], hours: number): Finding[] {
  if (denials.length === 0) return []
  const check = 'denials in the log'
  const detail = `${denials.length} in the last ${hours} h: ${count(denials).join(', ')}`
  const forOperator = [...new Set(denials)].filter((code) => errorTable[code].remedy === 'operator')
  return [
    forOperator.length === 0
      ? ok(check, detail)
      : warning(
          check,
          detail,
          `the operator must act on ${forOperator.join(', ')}; see docs/reference/errors.md`,
        ),
  ]
}

/** How often each text is there, the most frequent first. */
function count(texts: readonly string[]): string[] {
  const counts = new Map<string, number>()
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1)
  return [...counts].toSorted(([, a], [, b]) => b - a).map(([text, times]) => `${times} × ${text}`)
}
