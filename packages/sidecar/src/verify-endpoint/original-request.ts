import type { Result } from '@behalf/core'
import { fail, pass } from '@behalf/core/internal'
import type { HttpCall } from '../http/call.ts'
import { isMethod } from './routes.ts'

/** The proxies that the endpoint is asked by; each says in its own way which request it asks about. */
export type ProxyName = 'nginx' | 'haproxy' | 'caddy' | 'traefik' | 'envoy'

/** The request that a proxy asks about. */
export interface OriginalRequest {
  readonly method: string
  /** Path and query, as the proxy has them. */
  readonly target: string
}

/** Every proxy, as options name them. */
export const proxies: readonly ProxyName[] = ['nginx', 'haproxy', 'caddy', 'traefik', 'envoy']

const headersOf = {
  original: ['x-original-method', 'x-original-uri'],
  forwarded: ['x-forwarded-method', 'x-forwarded-uri'],
} as const

/**
 * Reads which request a proxy asks about, from what this proxy writes itself and from nothing else, because what another
 * proxy would write a client may have written: `X-Original-…` of nginx and HAProxy, `X-Forwarded-…` of Caddy and Traefik,
 * the request's own method and its path after the prefix of Envoy.
 *
 * @returns why not, in words that are safe to log
 */
export function readOriginalRequest(
  call: HttpCall,
  proxy: ProxyName,
  prefix: string,
): Result<OriginalRequest, string> {
  const read = proxy === 'envoy' ? fromPath(call, prefix) : fromHeaders(call, proxy)
  if (read.ok && !isMethod(read.value.method)) return fail('the method is none in capitals')
  return read
}

function fromHeaders(call: HttpCall, proxy: ProxyName): Result<OriginalRequest, string> {
  const [methodHeader, targetHeader] =
    headersOf[proxy === 'caddy' || proxy === 'traefik' ? 'forwarded' : 'original']
  const [method, ...otherMethods] = call.header(methodHeader)
  const [target, ...otherTargets] = call.header(targetHeader)
  if (method === undefined || target === undefined || otherMethods.length > 0 || otherTargets.length > 0)
    return fail(`there is not exactly one ${methodHeader} and ${targetHeader} of the proxy`)
  return pass({ method, target })
}

function fromPath(
  { method, target, isRewritten }: HttpCall,
  prefix: string,
): Result<OriginalRequest, string> {
  if (isRewritten) return fail('the path was rewritten on its way here; Envoy needs startSidecar')
  if (!target.startsWith(`${prefix}/`)) return fail('the path does not begin with the prefix')
  return pass({ method, target: target.slice(prefix.length) })
}
