import type { Json, JsonObject } from '../org/json.ts'

/** A request that was authenticated and matched. */
export interface ApiRequest {
  /** The value of a `:name` segment of the route's path. */
  param(name: string): string
  readonly query: URLSearchParams
  /** An empty object when the request has no body. */
  readonly body: JsonObject
}

/** What a route answers. */
export interface ApiAnswer {
  readonly status: 200 | 201 | 204
  readonly body?: Json
  /** Whether it is one page of a list, which says where it is and where the next one is. */
  readonly paged?: boolean
  /** Whether no entry follows this page, although it has a next one. */
  readonly isLast?: boolean
  /** The whole list, where orgs are known that answer it although a page is asked for. */
  readonly whole?: Json
  /** The query of the next page, for pages that are not the last. */
  readonly next?: URLSearchParams
}

/** One operation of the management API. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Like `/api/v1/inlineHooks/:id`. */
  readonly path: string
  /** The OAuth scope without its `.read` or `.manage`, like `okta.inlineHooks`. */
  readonly scope: string
  /** Whether it needs no token at all. */
  readonly open?: true
  handle(request: ApiRequest): ApiAnswer | Promise<ApiAnswer>
}

/** Returns the values of the path's `:name` segments, or `undefined` when the path does not match. */
export function matchPath(template: string, path: string): ReadonlyMap<string, string> | undefined {
  const [expected, given] = [template.split('/'), path.split('/')]
  if (expected.length !== given.length) return undefined
  const params = new Map<string, string>()
  for (const [index, segment] of expected.entries()) {
    const value = decodeSegment(given[index] ?? '')
    if (value === undefined) return undefined
    if (segment.startsWith(':') && value !== '') params.set(segment.slice(1), value)
    else if (segment !== value) return undefined
  }
  return params
}

function decodeSegment(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment)
  } catch {
    return undefined
  }
}

/** 200 with a document. */
export const ok = (body: Json): ApiAnswer => ({ status: 200, body })

/** 204: done, and nothing to say. */
export const done: ApiAnswer = { status: 204 }
