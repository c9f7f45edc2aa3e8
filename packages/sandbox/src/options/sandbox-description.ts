import type { App } from '../org/app.ts'
import type { AuthorizationServer } from '../org/authorization-server.ts'
import { everyoneName, groupNamesOf } from '../org/group.ts'
import type { Org } from '../org/org.ts'
import type { User } from '../org/user.ts'
import type { AppOptions, UserOptions } from './sandbox-options.ts'

/** One authorization server of the org. */
export interface SandboxServer {
  readonly id: string
  /** Exactly the `iss` of its tokens. */
  readonly issuer: string
  readonly audience: string
  readonly tokenEndpoint: string
  readonly authorizationEndpoint: string
  readonly jwksUri: string
  /** Its own scopes, without `openid` and the other standard ones. */
  readonly scopes: readonly string[]
}

/** A server as its clients need to know it. */
export function describeServer({ id, issuer, audience, scopes }: AuthorizationServer): SandboxServer {
  return {
    id,
    issuer,
    audience,
    tokenEndpoint: `${issuer}/v1/token`,
    authorizationEndpoint: `${issuer}/v1/authorize`,
    jwksUri: `${issuer}/v1/keys`,
    scopes: scopes.filter(({ system }) => !system).map(({ name }) => name),
  }
}

/** A user as options have them. */
export function describeUser(org: Org, { id, login, profile, amr }: User): UserOptions {
  const groups = groupNamesOf(org, id).filter((name) => name !== everyoneName)
  return {
    ...profile,
    id,
    login,
    ...(groups.length === 0 ? {} : { groups }),
    ...(amr.join() === 'pwd' ? {} : { amr: [...amr] }),
  }
}

/** An app as options have it. */
export function describeApp(app: App): AppOptions {
  const { clientId, label, type, auth, managementScopes, redirectUris, postLogoutRedirectUris } = app
  const common = { clientId, label }
  const redirects = { redirectUris, postLogoutRedirectUris }
  if (auth.method === 'none') return { ...common, type: type === 'native' ? type : 'spa', ...redirects }
  return type === 'service'
    ? { ...common, type, auth, ...(managementScopes.length === 0 ? {} : { managementScopes }) }
    : { ...common, type: 'web', auth, ...redirects }
}
