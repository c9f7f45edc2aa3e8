import type { AccessPolicy } from './access-policy.ts'
import { type Scope, systemScopes } from './scope.ts'
import type { SigningKeys } from './signing-keys.ts'

/** A custom authorization server of the org. */
export interface AuthorizationServer {
  readonly id: string
  name: string
  description: string
  /** The `aud` of its access tokens. */
  audience: string
  readonly issuer: string
  status: 'ACTIVE' | 'INACTIVE'
  /** Its own scopes and those that every server has. */
  scopes: readonly Scope[]
  /** User attributes that its access tokens carry as claims of the same name. */
  readonly accessTokenClaims: readonly string[]
  /** In the order in which they are tried. */
  policies: readonly AccessPolicy[]
  readonly keys: SigningKeys
  /** What it does when a token request names a `resource` or an `audience`. */
  readonly resourceParameters: ResourceParameters
}

/** Not looked at, answered with an error, or put into `aud`. */
export type ResourceParameters = 'ignored' | 'refused' | 'granted'

/** What makes an authorization server, besides what every one has. */
export type AuthorizationServerSettings = Pick<
  AuthorizationServer,
  'id' | 'name' | 'description' | 'audience' | 'keys'
> &
  Partial<Pick<AuthorizationServer, 'scopes' | 'accessTokenClaims' | 'policies' | 'resourceParameters'>>

/** Makes an active authorization server of the org at `url`; the standard scopes come first. */
export function createAuthorizationServer(
  url: string,
  settings: AuthorizationServerSettings,
): AuthorizationServer {
  const { scopes = [], accessTokenClaims = [], policies = [], resourceParameters = 'ignored' } = settings
  const standard = systemScopes.map((name) => ({ name, system: true, default: false }))
  return {
    ...settings,
    issuer: issuerOf(url, settings.id),
    status: 'ACTIVE',
    scopes: [...standard, ...scopes],
    accessTokenClaims,
    policies,
    resourceParameters,
  }
}

/** The issuer of the server with this id. */
export function issuerOf(url: string, id: string): string {
  return `${url}/oauth2/${id}`
}
