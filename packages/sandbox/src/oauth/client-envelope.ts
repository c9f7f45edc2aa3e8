import type { KoaContextWithOIDC } from 'oidc-provider'
import { createIdentifier } from '../org/identifier.ts'
import { isJsonObject } from '../org/json.ts'

/** Puts the refusal of a client into Okta's own envelope, in the place of OAuth's. */
export function wrapClientRefusal(ctx: KoaContextWithOIDC): void {
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
