import type { AccessPolicy } from './access-policy.ts'
import type { CustomClaim } from './custom-claim.ts'
import type { Dated } from './dated.ts'
import { createIdentifier } from './identifier.ts'
import { createScope, type Scope, systemScopes } from './scope.ts'
import type { SigningKeys } from './signing-keys.ts'

/** A custom authorization server of the org. */
export interface AuthorizationServer extends Dated {
  readonly id: string
  name: string
  description: string | null
  /** The `aud` of its access tokens. */
  audience: string
  readonly issuer: string
  issuerMode: string
  rotationMode: string
  status: 'ACTIVE' | 'INACTIVE'
  lastUpdated: string
  /** When its signing key was last changed, in ISO 8601 and UTC. */
  lastRotated: string
  /** Its own scopes and those that every server has. */
  scopes: readonly Scope[]
  /** What its tokens say about people. */
  claims: readonly CustomClaim[]
  /** In the order in which they are tried. */
  policies: readonly AccessPolicy[]
  readonly keys: SigningKeys
  /** What it does when a token request names a `resource` or an `audience`. */
  readonly resourceParameters: ResourceParameters
  /** The ids of servers whose tokens it takes in a token exchange, besides its own. Default: none. */
  trustedServers?: readonly string[]
}

/** Not looked at, answered with an error, or put into `aud`. */
export type ResourceParameters = 'ignored' | 'refused' | 'granted'

/** What makes an authorization server, besides what every one has. */
export type AuthorizationServerSettings = Dated &
  Pick<AuthorizationServer, 'id' | 'name' | 'description' | 'audience' | 'keys'> &
  Partial<
    Pick<
      AuthorizationServer,
      | 'scopes'
      | 'claims'
      | 'policies'
      | 'resourceParameters'
      | 'issuerMode'
      | 'rotationMode'
      | 'trustedServers'
    >
  >

/** Makes an active authorization server of the org at `url`; the standard scopes come first. */
export function createAuthorizationServer(
  url: string,
  { scopes = [], ...settings }: AuthorizationServerSettings,
): AuthorizationServer {
  const standard = systemScopes.map((name) =>
    createScope({ id: createIdentifier('scp'), name, system: true }),
  )
  return {
    issuerMode: 'ORG_URL',
    rotationMode: 'AUTO',
    claims: [],
    policies: [],
    resourceParameters: 'ignored',
    ...settings,
    issuer: issuerOf(url, settings.id),
    status: 'ACTIVE',
    lastRotated: settings.created,
    scopes: [...standard, ...scopes],
  }
}

/** Returns the issuer of the server with this id. */
export function issuerOf(url: string, id: string): string {
  return `${url}/oauth2/${id}`
}
