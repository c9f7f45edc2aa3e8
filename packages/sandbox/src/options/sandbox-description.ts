import type { App } from '../org/app.ts'
import type { AuthorizationServer } from '../org/authorization-server.ts'
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
export function describeUser({ id, login, profile }: User): UserOptions {
  return { ...profile, id, login }
}

/** An app as options have it. */
export function describeApp({ clientId, label, auth, ...app }: App): AppOptions {
  if (auth.method === 'none') {
    const { redirectUris, postLogoutRedirectUris } = app
    return { clientId, label, type: 'spa', redirectUris, postLogoutRedirectUris }
  }
  const { managementScopes } = app
  return {
    clientId,
    label,
    type: 'service',
    auth,
    ...(managementScopes.length === 0 ? {} : { managementScopes }),
  }
}
