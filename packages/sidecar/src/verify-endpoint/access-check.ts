import type { Result } from '@behalf/core'
import { fail, pass } from '@behalf/core/internal'
import type { Access } from '@behalf/verify'
import type { HttpAnswer, HttpCall } from '../http/call.ts'
import { describeAccess, isAccessHeader } from './access-headers.ts'
import type { PassRefusal, VerifyEndpointOptions } from './options.ts'
import { type OriginalRequest, readOriginalRequest } from './original-request.ts'
import { hasParameter, readPath } from './path.ts'
import { plainName } from './plain-name.ts'
import { createRouter, type Route, whyNotAt } from './routes.ts'

/** Answers a proxy, whatever runtime its request comes through. */
export type AccessCheck = (call: HttpCall) => Promise<HttpAnswer>

/** Where the endpoint is. Envoy puts the path of the request behind it. */
export const verifyPath = '/verify'

/** A request that may not pass, and the headers of the answer. */
interface Refused extends PassRefusal {
  readonly headers?: Readonly<Record<string, string>>
}

/** What makes some servers and frameworks serve another path, or another method, than the request names. */
const otherPaths = ['x-original-url', 'x-rewrite-url', 'x-script-name']
const otherMethods = ['x-http-method-override', 'x-http-method', 'x-method-override']

/** Makes the check of a request that a proxy asks about: how it is written, its route, its token. */
export function createAccessCheck(options: VerifyEndpointOptions): AccessCheck {
  const { verifier, proxy, routes, onRefusal } = options
  const findRoute = routes && createRouter(routes)
  // A verifier looks at options once, as long as they are the same object with each request.
  const demands = new Map(routes?.map((route) => [route, { requiredScopes: route.requiredScopes ?? [] }]))
  const looksAtMethods = routes?.some(({ methods }) => methods !== undefined) === true
  const overriding = new Set([
    ...(routes === undefined ? [] : otherPaths),
    ...(looksAtMethods ? otherMethods : []),
  ])

  const routeOf = ({ method, target }: OriginalRequest): Result<Route | undefined, string> => {
    if (findRoute === undefined) return pass(undefined)
    const path = readPath(target)
    if (!path.ok) return path
    if (looksAtMethods && hasParameter(target, '_method')) return fail('the query names another method')
    const match = findRoute(method, path.value)
    if (match.kind === 'found') return pass(match.route)
    return fail(
      match.kind === 'none' ? 'no route fits' : 'the path differs from a route in nothing but its spelling',
    )
  }

  const check = async (call: HttpCall): Promise<Access | Refused> => {
    for (const name of call.headerNames().map(plainName)) {
      if (isAccessHeader(name)) return forbid('the request brings a header that only this endpoint may set')
      if (overriding.has(name)) return forbid('the request brings a header that names another path or method')
    }
    const original = readOriginalRequest(call, proxy, verifyPath)
    if (!original.ok) return forbid(original.fault)
    const route = routeOf(original.value)
    if (!route.ok) return forbid(route.fault)
    const { method, target } = original.value
    const { header, origin } = call
    const authorization = await verifier.authorize(
      { method, url: target, header, origin },
      route.value && demands.get(route.value),
    )
    if (!authorization.ok) {
      const { status, headers, error } = authorization.refusal
      return { status, headers, reason: error.message }
    }
    const { access } = authorization
    const why = route.value === undefined ? undefined : whyNotAt(route.value, access)
    return why === undefined ? access : forbid(why)
  }

  return async (call) => {
    const outcome = await check(call).catch(answerDefect)
    if (!('status' in outcome)) return { status: 200, headers: describeAccess(outcome), body: '' }
    const { status, headers = {}, reason, cause } = outcome
    onRefusal?.({ status, reason, ...(cause === undefined ? {} : { cause }) })
    return { status, headers, body: '' }
  }
}

function forbid(reason: string): Refused {
  return { status: 403, reason }
}

function answerDefect(thrown: unknown): Refused {
  const cause = thrown instanceof Error ? thrown : new Error('something was thrown that is no error')
  return { status: 503, reason: 'the verify endpoint failed', cause }
}
