import type { Org } from '../org/org.ts'
import { findApp } from './apps.ts'
import { textOr } from './members.ts'
import { ok, type Route } from './route.ts'

const scope = 'okta.apps'

/**
 * Serves what Okta's Terraform provider asks of an app besides its documented document: who issues its ID tokens. It is
 * answered as recorded, and nothing is kept of it.
 */
export function appIdTokenRoutes(org: Org): readonly Route[] {
  const path = '/api/v1/internal/apps/:id/settings/oauth/idToken'
  return [
    {
      method: 'GET',
      path,
      scope,
      handle: ({ param }) => {
        const { clientId } = findApp(org, param('id'))
        return ok({
          issuer: org.url,
          orgUrl: null,
          customUrl: null,
          audience: clientId,
          issuerMode: 'ORG_URL',
        })
      },
    },
    {
      method: 'POST',
      path,
      scope,
      handle: ({ param, body }) => {
        findApp(org, param('id'))
        const issuerMode = textOr(body['issuerMode'], 'ORG_URL')
        return ok({ issuer: null, orgUrl: null, customUrl: null, audience: null, issuerMode })
      },
    },
  ]
}
