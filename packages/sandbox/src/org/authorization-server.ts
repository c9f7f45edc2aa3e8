import type { AccessPolicy } from './access-policy.ts'
import type { Scope } from './scope.ts'
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
}
