import type { ExchangeWish } from '../exchanges/exchange-wish.ts'
import type { LiveOrg } from '../live-org.ts'
import type { App } from '../org/app.ts'
import { requestUserToken } from '../user-token.ts'
import { layoutOf } from './layout.ts'

/**
 * Performs an exchange over HTTP as an API A without `seal` would: the user signs in, and the client presents the token
 * as `assertion` in the query. What comes of it is in the log of exchanges.
 *
 * @throws TypeError when the wish names what the org does not have; Error when the user gets no token
 */
export async function performExchange(
  org: LiveOrg,
  { login, clientId, resource, scopes = [] }: ExchangeWish,
  fetch: typeof globalThis.fetch,
): Promise<void> {
  const app = org.apps.get(clientId)
  if (app === undefined) throw new TypeError(`clientId: the org has no app '${clientId}'`)
  const { users, delegation } = layoutOf(org)
  if (delegation === undefined) throw new TypeError('the org has no server that gives tokens to machines')
  const signIn = { login, ...(users === undefined ? {} : { server: users.id }) }
  const assertion = await requestUserToken(org, signIn, fetch)
  const query = new URLSearchParams({
    assertion,
    ...(resource === undefined ? {} : { assertion_resource: resource }),
  })
  const response = await fetch(`${delegation.issuer}/v1/token?${query}`, {
    method: 'POST',
    headers: basicOf(app),
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      ...(scopes.length === 0 ? {} : { scope: scopes.join(' ') }),
      ...(app.auth.method === 'client_secret_post'
        ? { client_id: clientId, client_secret: app.auth.clientSecret }
        : {}),
    }),
  })
  await response.body?.cancel()
}

function basicOf({ clientId, auth }: App): Record<string, string> {
  switch (auth.method) {
    case 'client_secret_basic':
      return { authorization: `Basic ${Buffer.from(`${clientId}:${auth.clientSecret}`).toString('base64')}` }
    case 'client_secret_post':
      return {}
    default:
      throw new TypeError(`clientId: the sandbox has no secret of '${clientId}' to authenticate with`)
  }
}
