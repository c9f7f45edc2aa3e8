import type { LiveOrg } from './live-org.ts'
import { matchRequest } from './oauth/admission.ts'
import type { App } from './org/app.ts'
import type { AuthorizationServer } from './org/authorization-server.ts'
import type { User } from './org/user.ts'

/** Who signs in, and what is asked for in particular. */
export interface SignInWish {
  readonly login: string
  readonly server?: string
  readonly app?: string
  readonly scopes?: readonly string[]
}

/** Where a user signs in, to what, and for which scopes. */
export interface SignInChoice {
  readonly server: AuthorizationServer
  readonly app: App
  readonly scopes: readonly string[]
}

/**
 * Finds what was not asked for in particular: the first server and app that the policy lets sign the user in.
 *
 * @throws TypeError when what was asked for is not in the org
 */
export function chooseSignIn(org: LiveOrg, { login, server, app, scopes }: SignInWish): SignInChoice {
  const user = requireUser(org, login)
  const choices = serversFor(org, server).flatMap((candidate) =>
    appsFor(org, app).flatMap((each) =>
      scopesFor(candidate, scopes).map((some) => ({ server: candidate, app: each, scopes: some })),
    ),
  )
  const admitted = choices.find((choice) =>
    matchRequest(org, choice.server, {
      clientId: choice.app.clientId,
      grantType: 'authorization_code',
      scopes: choice.scopes,
      userId: user.id,
    }),
  )
  // When the policy admits none, the org itself says so.
  const choice = admitted ?? choices[0]
  if (choice === undefined) throw new TypeError('the org has nobody who signs people in')
  return choice
}

/** Finds who has a login. @throws TypeError when nobody has */
export function requireUser({ users }: LiveOrg, login: string): User {
  const found = [...users.values()].find((user) => user.login === login)
  if (found !== undefined) return found
  throw new TypeError(`login: the org has no user '${login}'`)
}

function serversFor({ authorizationServers }: LiveOrg, id: string | undefined): AuthorizationServer[] {
  const servers = [...authorizationServers.values()]
  const found = servers.filter((server) => (id === undefined ? server.status === 'ACTIVE' : server.id === id))
  if (found.length > 0) return found
  throw new TypeError(`server: the org has no authorization server '${id ?? ''}'`)
}

function appsFor({ apps }: LiveOrg, clientId: string | undefined): App[] {
  const named = [...apps.values()].filter((app) => clientId === undefined || app.clientId === clientId)
  const found = named.filter(
    ({ redirectUris, grantTypes }) =>
      redirectUris.some((uri) => !uri.includes('*')) && grantTypes.includes('authorization_code'),
  )
  if (found.length === 0)
    throw new TypeError(
      clientId === undefined
        ? 'app: the org has no app that people can sign in to; give it one with a redirect URI'
        : `app: the org has no app '${clientId}' that people can sign in to`,
    )
  const usable = found.filter(({ auth }) => auth.method !== 'private_key_jwt')
  if (usable.length === 0) throw new TypeError('app: the sandbox has no private key of this app')
  return usable
}

/** As many as the policy grants: all of the server's own, one of them, or the one that people always may have. */
function scopesFor(
  { scopes }: AuthorizationServer,
  asked: readonly string[] | undefined,
): readonly (readonly string[])[] {
  if (asked !== undefined) return [asked]
  const own = scopes.filter(({ system }) => !system).map(({ name }) => name)
  return [...(own.length === 0 ? [] : [own]), ...own.map((name) => [name]), ['openid']]
}
