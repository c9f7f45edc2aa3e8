import { invalid } from '../http/api-fault.ts'
import { plays } from '../org/okta-facts.ts'
import type { Org } from '../org/org.ts'
import { compileFilter } from './filter.ts'
import { logDocument } from './log-document.ts'
import { page } from './page.ts'
import type { Route } from './route.ts'

const limits = { default: 100, max: 1000, allowsNone: true }
/** Okta does not search inside URLs (release note OKTA-388434). */
const searchesUrl = /\bdebugContext\.debugData\.(url|requestUri)\s+co\b/i
const sevenDaysMs = 7 * 24 * 60 * 60 * 1000

/** Returns the System Log: `since`, `until`, `filter`, `q`, `sortOrder`, `limit` and `after`. */
export function logRoutes({ systemLog, clock, facts }: Org): readonly Route[] {
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
        if (filter !== null && searchesUrl.test(filter) && plays(facts, 'log-filter-co', '400'))
          throw invalid('filter', 'co is not supported for this attribute')
        const passes = filter === null ? () => true : compileFilter(filter)
        const found = systemLog
          .events()
          .filter(({ published }) => Date.parse(published) >= since && Date.parse(published) < until)
          .map(logDocument)
          .filter((event) => passes(event) && JSON.stringify(event).toLowerCase().includes(keyword))
        return page(query.get('sortOrder') === 'DESCENDING' ? found.toReversed() : found, query, limits)
      },
    },
  ]
}

function readDate(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  const date = Date.parse(text)
  if (Number.isNaN(date)) throw invalid(name, 'Must be an ISO 8601 date')
  return date
}
