import { ApiFault, invalid } from '../http/api-fault.ts'
import type { JsonObject } from '../org/json.ts'
import type { ApiAnswer } from './route.ts'

/** How long the pages of a list are. */
export interface PageLimits {
  readonly default: number
  readonly max: number
  /** Whether `limit=0` is an empty page instead of a fault. Default false. */
  readonly allowsNone?: boolean
}

/**
 * Returns one page of a list: `limit` entries behind the one that `after` names by its `id` or `uuid`.
 *
 * @throws ApiFault E0000001 for a limit out of bounds, E0000029 for a cursor that names nothing
 */
export function page(entries: readonly JsonObject[], query: URLSearchParams, limits: PageLimits): ApiAnswer {
  const limit = readLimit(query, limits)
  const start = startOf(entries, query.get('after'))
  const shown = entries.slice(start, start + limit)
  const last = shown.at(-1)
  const isLast = start + limit >= entries.length
  // As at Okta, as far as is known: a full page has a next one, though it may be empty.
  if (last === undefined || shown.length < limit) return { status: 200, body: shown, paged: true }
  const next = new URLSearchParams(query)
  next.set('after', cursorOf(last))
  next.set('limit', String(limit))
  return { status: 200, body: shown, paged: true, next, isLast }
}

/**
 * Returns a list that Okta answers whole, unless a page of it is asked for. No cursor is documented for it, so that one which
 * names no entry is not looked at.
 */
export function whole(entries: readonly JsonObject[], query: URLSearchParams): ApiAnswer {
  const asked = new URLSearchParams(query)
  if (!entries.some((entry) => cursorOf(entry) === query.get('after'))) asked.delete('after')
  return asked.has('limit') || asked.has('after')
    ? { ...page(entries, asked, { default: 200, max: 200 }), whole: [...entries] }
    : { status: 200, body: [...entries] }
}

function readLimit(
  query: URLSearchParams,
  { default: fallback, max, allowsNone = false }: PageLimits,
): number {
  const given = query.get('limit')
  if (given === null) return fallback
  const min = allowsNone ? 0 : 1
  if (/^\d{1,6}$/.test(given) && Number(given) >= min && Number(given) <= max) return Number(given)
  throw invalid('limit', `Must be ${min} to ${max}`)
}

function startOf(entries: readonly JsonObject[], after: string | null): number {
  if (after === null) return 0
  const index = entries.findIndex((entry) => cursorOf(entry) === after)
  if (index >= 0) return index + 1
  throw new ApiFault('E0000029', 'Invalid paging request.', ['The cursor in after names no entry'])
}

function cursorOf({ id, uuid }: JsonObject): string {
  return String(id ?? uuid)
}
