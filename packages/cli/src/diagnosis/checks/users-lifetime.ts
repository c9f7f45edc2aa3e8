import { parseCompactJws } from '@behalf/core/internal'
import { memberAt, textAt } from '../../okta/members.ts'
import { grantTypesOf, isActive, listRules, nameOfRule } from '../../okta/rules.ts'
import { type Check, skipped, warning } from '../finding.ts'

/** What a user's token must have left where API B reads no more of a delegated token than `exp`: Okta's floor, and a bit. */
const neededSeconds = 305
const shortMinutes = 10
const maxTokenBytes = 65_536

/** Users' tokens live long enough to be exchanged, where a delegated token must not outlive them. */
export const checkUsersLifetime: Check = async (installation) => {
  const { org, resource, issuer, usersIssuer, assertion } = installation
  const check = "users' tokens"
  if (org === undefined || resource === undefined || resource.verifier === 'behalf') return []
  const servers = await org.api.list('/api/v1/authorizationServers?limit=200')
  const signInAt = usersIssuer ?? issuerOf(assertion) ?? issuer
  const server = servers.find((each) => textAt(each, 'issuer') === signInAt)
  const unknown = [
    skipped(check, 'where users sign in is not known', 'give --user-issuer, or ISSUER as the hook has it'),
  ]
  if (server === undefined) return unknown
  const rules = (await listRules(org.api, textAt(server, 'id'), isActive)).filter(
    (located) => isActive(located.rule) && grantTypesOf(located).includes('authorization_code'),
  )
  // The server that issues delegated tokens may be the users', too, and is not where nobody signs in.
  if (rules.length === 0) return unknown
  return rules.flatMap((located) => {
    const minutes = memberAt(located.rule, 'actions', 'token', 'accessTokenLifetimeMinutes')
    if (typeof minutes !== 'number' || minutes > shortMinutes) return []
    return [
      warning(
        check,
        `'${nameOfRule(located)}' gives ${minutes} min, and with less than ${neededSeconds} s left an exchange is denied (assertion_expires_soon)`,
        'let users have longer tokens, or give API B @behalf/verify and the hook RESOURCE_VERIFIER=behalf',
      ),
    ]
  })
}

function issuerOf(assertion: string | undefined): unknown {
  const parsed = parseCompactJws(assertion ?? '', maxTokenBytes)
  return parsed.ok ? parsed.value.payload['iss'] : undefined
}
