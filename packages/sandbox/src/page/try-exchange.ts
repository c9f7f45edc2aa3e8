import type { ExchangeWish } from '../exchanges/exchange-wish.ts'
import type { LiveOrg } from '../live-org.ts'
import type { App } from '../org/app.ts'
import { requestUserToken } from '../user-token.ts'
import { layoutOf } from './layout.ts'
import { fetchSealKey, seal, sealKeysUrl } from './seal-key.ts'

/** How the org is reached, and others. */
export interface Reach {
  readonly own: typeof fetch
  readonly others: typeof fetch
}

/**
 * Performs an exchange over HTTP as an API A would: the user signs in, and the client presents the token as `assertion`
 * in the query, sealed where the hook publishes a key for that. What comes of it is in the log of exchanges.
 *
 * @returns how the token was presented, in words
 * @throws TypeError when the wish names what the org does not have; Error when the user gets no token
 */
export async function performExchange(
  org: LiveOrg,
  { login, clientId, resource, scopes = [] }: ExchangeWish,
  { own: fetch, others }: Reach,
): Promise<string> {
  const app = org.apps.get(clientId)
  if (app === undefined) throw new TypeError(`clientId: the org has no app '${clientId}'`)
  const { users, delegation } = layoutOf(org)
  if (delegation === undefined) throw new TypeError('the org has no server that gives tokens to machines')
  const signIn = { login, ...(users === undefined ? {} : { server: users.id }) }
  const assertion = await requestUserToken(org, signIn, fetch)
  const asked = resource === undefined ? {} : { resource }
  const url = sealKeysUrl(org, delegation.id)
  const key = url === undefined ? undefined : await fetchSealKey(url, others)
  const query = new URLSearchParams(
    key === undefined
      ? { assertion, ...(resource === undefined ? {} : { assertion_resource: resource }) }
      : { assertion: await seal(key, { assertion, clientId, issuer: delegation.issuer, ...asked }) },
  )
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
  if (key !== undefined) return `sealed for the hook's key ${key.kid}`
  return url === undefined
    ? 'as it is, because no hook is called'
    : `as it is, because the hook publishes no key at ${url}`
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
