import { isObject, readInsecureHosts, whyUntrustworthy } from '@behalf/core/internal'
import type { ConfigFault } from '../errors/config-error.ts'
import { isUrl } from './values.ts'

/**
 * Finds URLs whose keys, or answers about tokens, would come over plain http from hosts that `insecureHosts` does not name:
 * such can be anybody's. It reads the configuration as it was given, because the section that has the URL does not see the one that
 * names the hosts, and passes over whatever the sections refuse themselves.
 */
export function findInsecureUrls(config: unknown): readonly ConfigFault[] {
  const insecureHosts = readInsecureHosts(config)
  const issuers = memberOf(config, 'issuers')
  const places: readonly (readonly [string, unknown])[] = [
    ...(Array.isArray(issuers) ? issuers : []).map(
      (issuer: unknown, index) => [`issuers[${index}]`, issuer] as const,
    ),
    ...(Array.isArray(issuers) ? issuers : []).map(
      (issuer: unknown, index) =>
        [`issuers[${index}].introspection`, memberOf(issuer, 'introspection')] as const,
    ),
    ['authenticate.bearer', memberOf(memberOf(config, 'authenticate'), 'bearer')],
  ]
  return places.flatMap(([at, section]) =>
    ['issuer', 'jwksUri', 'endpoint'].flatMap((name) => {
      const url = memberOf(section, name)
      const why = isUrl(url) ? whyUntrustworthy(url, insecureHosts) : undefined
      return why === undefined ? [] : [{ path: `${at}.${name}`, problem: why }]
    }),
  )
}

function memberOf(value: unknown, name: string): unknown {
  return isObject(value) ? Reflect.get(value, name) : undefined
}
