import { defaultPlaceholder } from '../../config/resource-settings.ts'
import { textsAt } from '../../okta/members.ts'
import { printable } from '../../terminal/printable.ts'
import { type Check, failure, ok, warning } from '../finding.ts'

/** The server that issues delegated tokens has an audience that no API accepts, so that a plain token opens nothing. */
export const checkAudience: Check = async ({ org, serverId, resource }) => {
  const check = 'server audience'
  const server = await org?.server()
  if (server === undefined) return []
  const audiences = textsAt(server, 'audiences')
  const placeholder = resource?.placeholder ?? defaultPlaceholder
  const told = audiences.map(printable).join(', ')
  if (audiences.length === 1 && audiences[0] === placeholder)
    return [ok(check, `${told}, which no API accepts`)]
  if (resource !== undefined)
    return [
      failure(
        check,
        `'${printable(serverId)}' has ${told || 'none'} in place of ${printable(placeholder)}, so the hook denies every exchange (resource_unprotected)`,
        'let a server of its own with that audience issue delegated tokens, docs/two-servers.md; never change an audience in use',
      ),
    ]
  return [
    warning(
      check,
      `${told}: without resources only @behalf/verify refuses the plain token of a failure; a verifier that knows no more than its audience accepts it`,
      `give the delegated tokens a server of their own with the audience ${defaultPlaceholder}, and the hook RESOURCE: docs/two-servers.md`,
    ),
  ]
}
