import { timestamp } from '../org/dated.ts'
import type { Org } from '../org/org.ts'
import { link } from './link.ts'
import { ok, type Route } from './route.ts'

/** Where an org says who it is, to everybody. */
export const organizationPath = '/.well-known/okta-organization'

const id = '00oSandbox0000000001'

/** Returns the org as a whole, which is nobody's. */
export function orgSettingsRoutes({ url, clock }: Org): readonly Route[] {
  const path = '/api/v1/org'
  const created = timestamp(clock)
  return [
    {
      method: 'GET',
      path: organizationPath,
      scope: 'okta.orgs',
      open: true,
      handle: () =>
        ok({
          id,
          cell: 'sandbox',
          _links: { organization: { href: url } },
          pipeline: 'idx',
          settings: { analyticsCollectionEnabled: false, bugReportingEnabled: false, omEnabled: false },
        }),
    },
    {
      method: 'GET',
      path,
      scope: 'okta.orgs',
      handle: () =>
        ok({
          id,
          companyName: 'Sandbox',
          subdomain: 'sandbox',
          status: 'ACTIVE',
          website: url,
          created,
          lastUpdated: created,
          expiresAt: null,
          _links: { preferences: link(`${url}${path}/preferences`) },
        }),
    },
  ]
}
