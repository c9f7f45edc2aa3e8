import { invalid } from '../http/api-fault.ts'
import type { JsonObject } from '../org/json.ts'
import type { Org } from '../org/org.ts'
import type { LogEvent } from '../org/system-log.ts'
import { compileFilter } from './filter.ts'
import type { ApiAnswer, Route } from './route.ts'

const maxLimit = 1000
const sevenDaysMs = 7 * 24 * 60 * 60 * 1000

/** The System Log: `since`, `until`, `filter`, `q`, `sortOrder`, `limit` and `after`. */
export function logRoutes({ systemLog, clock }: Org): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/api/v1/logs',
      scope: 'okta.logs',
      handle: ({ query }) => {
        const since = readDate(query, 'since') ?? clock.now() - sevenDaysMs
        const until = readDate(query, 'until') ?? Number.POSITIVE_INFINITY
        const keyword = query.get('q')?.toLowerCase() ?? ''
        const filter = query.get('filter')
        const passes = filter === null ? () => true : compileFilter(filter)
        const found = systemLog
          .events()
          .filter(({ published }) => Date.parse(published) >= since && Date.parse(published) < until)
          .map(toDocument)
          .filter((event) => passes(event) && JSON.stringify(event).toLowerCase().includes(keyword))
        return page(query.get('sortOrder') === 'DESCENDING' ? found.toReversed() : found, query)
      },
    },
  ]
}

function page(events: readonly JsonObject[], query: URLSearchParams): ApiAnswer {
  const limit = Number(query.get('limit') ?? 100)
  if (!Number.isInteger(limit) || limit < 0 || limit > maxLimit)
    throw invalid('limit', `Must be 0 to ${maxLimit}`)
  const after = query.get('after')
  const start = after === null ? 0 : events.findIndex(({ uuid }) => uuid === after) + 1
  const shown = events.slice(start, start + limit)
  const last = shown.at(-1)?.['uuid']
  if (typeof last !== 'string' || start + limit >= events.length) return { status: 200, body: shown }
  const next = new URLSearchParams(query)
  next.set('after', last)
  return { status: 200, body: shown, next }
}

function readDate(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  const date = Date.parse(text)
  if (Number.isNaN(date)) throw invalid(name, 'Must be an ISO 8601 date')
  return date
}

function toDocument({ actor, target, outcome, debugContext, ...event }: LogEvent): JsonObject {
  return {
    ...event,
    legacyEventType: event.eventType,
    actor: { ...actor },
    target: target.map((party) => ({ ...party })),
    outcome: { ...outcome },
    debugContext: { ...debugContext },
  }
}
