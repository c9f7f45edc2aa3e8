import type { Org } from '../org/org.ts'

/** Whether pages of this origin may call: the org's own, those of apps' redirect URIs, trusted origins. */
export function isAllowedOrigin(org: Org, origin: string, host: string | undefined): boolean {
  if (origin === org.url || origin === `http://${host}`) return true
  const trusted = [...org.trustedOrigins.values()]
  if (trusted.some((entry) => entry.status === 'ACTIVE' && entry.origin === origin)) return true
  return [...org.apps.values()].some(
    ({ redirectUris, status }) =>
      status === 'ACTIVE' && redirectUris.some((uri) => URL.parse(uri)?.origin === origin),
  )
}
