/** A scope of an authorization server. */
export interface Scope {
  readonly name: string
  /** What administrators say about it; the name when they say nothing. */
  readonly description?: string
  /** Every server has it, and it cannot be removed. */
  readonly system: boolean
  /** Granted to requests that name no scope. */
  readonly default: boolean
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
