import type { KoaContextWithOIDC } from 'oidc-provider'
import type { LiveOrg } from '../live-org.ts'
import { createIdentifier } from '../org/identifier.ts'
import { isJsonObject } from '../org/json.ts'
import { outcomeOf, plays } from '../org/okta-facts.ts'

/** Answers a refused token request as the org is known to. */
export function refuseAsKnown(ctx: KoaContextWithOIDC, org: LiveOrg): void {
  const body: unknown = ctx.body
  if (isJsonObject(body) && body['error'] === 'access_denied')
    ctx.status = Number.parseInt(outcomeOf(org.facts, 'no-rule'), 10)
  const id = ctx.oidc.client === undefined ? 'unknown-client' : 'wrong-secret'
  if (org.faults.has({ kind: 'client-envelope' }) || !plays(org.facts, id, '401 invalid_client'))
    wrapClientRefusal(ctx)
}

/** Puts the refusal of a client into Okta's own envelope, in the place of OAuth's. */
function wrapClientRefusal(ctx: KoaContextWithOIDC): void {
  const body: unknown = ctx.body
  if (!isJsonObject(body) || body['error'] !== 'invalid_client') return
  ctx.status = 400
  ctx.body = {
    errorCode: 'invalid_client',
    errorSummary: "Invalid value for 'client_id' parameter.",
    errorLink: 'invalid_client',
    errorId: createIdentifier('oae', 24),
    errorCauses: [],
  }
}
