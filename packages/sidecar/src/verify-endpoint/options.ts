import {
  aFunction,
  aListOf,
  anObjectWithMethods,
  findOptionFaults,
  isObject,
  type OptionRules,
  oneOf,
  refuseOptions,
} from '@behalf/core/internal'
import type { Access, Verifier } from '@behalf/verify'
import { type ProxyName, proxies } from './original-request.ts'
import { type Route, routeRules } from './routes.ts'

/** How an endpoint tells a proxy which requests may pass. */
export interface VerifyEndpointOptions {
  /** Verifies the tokens of requests: issuer, audience, kinds, actors, scopes for all of them. */
  readonly verifier: Verifier<Access>
  /**
   * Which proxy asks. It decides where method and path of the original request are read, and only that is looked at: what
   * another proxy would write a client may have written.
   */
  readonly proxy: ProxyName
  /**
   * What parts of the API need, the first whose path and method fit; a request that fits none is refused. Default what
   * the verifier demands is enough everywhere.
   */
  readonly routes?: readonly Route[]
  /** Is told of every request that may not pass, for the operator's log. Default nobody is told. */
  readonly onRefusal?: (refusal: PassRefusal) => void
}

/** A request that may not pass; without tokens, claims and the path. */
export interface PassRefusal {
  readonly status: 401 | 403 | 503
  /** Why, in words that are safe to log. */
  readonly reason: string
  /** What was thrown, when the endpoint itself has failed. */
  readonly cause?: Error
}

/** What {@link VerifyEndpointOptions} must be. */
export const verifyEndpointRules: OptionRules<keyof VerifyEndpointOptions> = {
  verifier: {
    ...anObjectWithMethods('a verifier', 'authorize', 'loadKeys', 'keyStatus'),
    required: true,
  },
  proxy: { ...oneOf(...proxies), required: true },
  routes: aListOf('routes', isObject),
  onRefusal: aFunction,
}

/** Says what is wrong with the options of a verify endpoint, one line each. */
export function findVerifyEndpointFaults(options: unknown): readonly string[] {
  const routes: unknown = isObject(options) && 'routes' in options ? options.routes : []
  return [
    ...findOptionFaults(options, verifyEndpointRules),
    ...(Array.isArray(routes) ? routes : []).flatMap((route: unknown, index) =>
      isObject(route) ? findOptionFaults(route, routeRules).map((fault) => `routes[${index}].${fault}`) : [],
    ),
  ]
}

/**
 * Refuses options that cannot be used.
 *
 * @throws TypeError - names everything that is missing, unknown or unusable
 */
export function assertVerifyEndpointOptions(options: VerifyEndpointOptions): void {
  refuseOptions('createVerifyEndpoint', findVerifyEndpointFaults(options))
}
