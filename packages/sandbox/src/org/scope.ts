/** A scope of an authorization server. */
export interface Scope {
  /** Like `scp…`. */
  readonly id: string
  readonly name: string
  /** What people are shown; absent when administrators did not say. */
  readonly displayName?: string
  /** What administrators say about it. */
  readonly description: string | null
  /** Every server has it, and it cannot be removed. */
  readonly system: boolean
  /** Granted to requests that name no scope. */
  readonly default: boolean
  /** Absent when administrators did not say; then it is `IMPLICIT`. */
  readonly consent?: 'IMPLICIT' | 'REQUIRED' | 'FLEXIBLE'
  readonly metadataPublish: 'ALL_CLIENTS' | 'NO_CLIENTS'
  /** Absent when administrators did not say; then it is not. */
  readonly optional?: boolean
}

/** The scopes that every authorization server has. */
export const systemScopes: readonly string[] = [
  'openid',
  'profile',
  'email',
  'address',
  'phone',
  'offline_access',
]

/** Returns a scope about which nothing particular is said. */
export function createScope(scope: Partial<Scope> & Pick<Scope, 'id' | 'name'>): Scope {
  return {
    displayName: scope.name,
    description: scope.name,
    system: false,
    default: false,
    consent: 'IMPLICIT',
    metadataPublish: 'ALL_CLIENTS',
    optional: false,
    ...scope,
  }
}
