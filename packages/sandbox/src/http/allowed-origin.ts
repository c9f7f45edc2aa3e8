import type { Org } from '../org/org.ts'

/**
 * Says whether pages of this origin may call: the org's own, those of apps' redirect URIs, trusted origins. `null` is the
 * origin of sandboxed frames and files of anybody, and of redirect URIs with a scheme of an app's own.
 *
 * @param ownOrigin - the org's, by the name that it was asked by
 */
export function isAllowedOrigin(org: Org, origin: string, ownOrigin: string): boolean {
  if (origin === 'null') return false
  if (origin === org.url || origin === ownOrigin) return true
  const trusted = [...org.trustedOrigins.values()]
  if (trusted.some((entry) => entry.status === 'ACTIVE' && entry.origin === origin)) return true
  return [...org.apps.values()].some(
    ({ redirectUris, status }) =>
      status === 'ACTIVE' && redirectUris.some((uri) => URL.parse(uri)?.origin === origin),
  )
}
