import type { SignatureAlgorithm } from '@behalf/core'
import type { PolicyFunction } from '../policy/decision.ts'
import type { SecretSource } from '../secrets/secret-source.ts'

/** An issuer with its defaults filled in. */
export interface ResolvedIssuer {
  readonly issuer: string
  readonly audiences: readonly string[]
  readonly jwksUri?: string | undefined
  readonly algorithms: readonly SignatureAlgorithm[]
  readonly clockToleranceSeconds: number
}

/** What must hold of the bearer token that Okta calls with. */
export interface BearerAuthentication {
  readonly kind: 'bearer'
  readonly issuer: ResolvedIssuer
  readonly clientIds: readonly string[]
  readonly scope?: string | undefined
}

/** How the caller proves to be Okta. */
export type Authentication =
  | { readonly kind: 'secret'; readonly header: string; readonly secrets: readonly (string | SecretSource)[] }
  | BearerAuthentication
  | { readonly kind: 'none' }

/** What one client may exchange; what is absent is not restricted. */
export interface ClientBinding {
  readonly audiences?: readonly string[] | undefined
  readonly issuers?: readonly string[] | undefined
  readonly scopes?: readonly string[] | undefined
  readonly maxActorDepth?: number | undefined
  readonly requireMayAct?: boolean | undefined
}

/** Which claims are copied, and under which names. */
export interface ClaimSelection {
  readonly include: 'all' | ReadonlySet<string>
  readonly exclude: ReadonlySet<string>
  /** From the assertion's name to the name under `assertion`. */
  readonly rename: ReadonlyMap<string, string>
}

/** A configuration that was checked, with every default filled in. */
export interface ResolvedConfig {
  readonly authentication: Authentication
  readonly issuers: readonly ResolvedIssuer[]
  readonly clients: ReadonlyMap<string, ClientBinding> | 'any'
  readonly policy?: PolicyFunction | undefined
  readonly subject: 'assertion' | 'keep'
  readonly claims: ClaimSelection & { readonly maxBytes: number }
  readonly missingAssertion: 'deny' | 'unchanged'
  readonly otherEvents: 'deny' | 'unchanged'
  readonly limits: {
    readonly deadlineMs: number
    readonly policyTimeoutMs: number
    readonly maxActorDepth: number
    readonly maxAssertionBytes: number
    readonly maxBodyBytes: number
    readonly maxConcurrentRequests: number
  }
  readonly keys: { readonly maxAgeMs: number; readonly staleForMs: number }
}
