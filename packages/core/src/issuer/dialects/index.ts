import { parseUrl } from '../../http/parse-url.ts'
import type { Dialect } from '../dialect.ts'
import { auth0 } from './auth0.ts'
import { cognito } from './cognito.ts'
import { entra } from './entra.ts'
import { keycloak } from './keycloak.ts'
import { okta } from './okta.ts'
import { zitadel } from './zitadel.ts'

/** The authorization servers whose tokens are known. */
export type DialectName = 'okta' | 'entra' | 'auth0' | 'keycloak' | 'cognito' | 'zitadel'

/** Every dialect that can be named. */
export const dialects: Readonly<Record<DialectName, Dialect>> = {
  okta,
  entra,
  auth0,
  keycloak,
  cognito,
  zitadel,
}

/** Says whether a text names a dialect. */
export function isDialectName(value: unknown): value is DialectName {
  return typeof value === 'string' && Object.hasOwn(dialects, value)
}

/**
 * Returns the dialect that an issuer's own form gives away: `okta` for a path `/oauth2/<id>`, which only Okta's custom
 * authorization servers have, under whatever domain. Undefined for all others, which have to name theirs.
 */
export function dialectOf(issuer: string): DialectName | undefined {
  const url = parseUrl(issuer)
  return url !== null && /^\/oauth2\/[^/]+$/.test(url.pathname) ? 'okta' : undefined
}
