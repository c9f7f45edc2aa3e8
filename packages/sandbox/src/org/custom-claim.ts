/** A claim that an authorization server adds to tokens of people. */
export interface CustomClaim {
  /** Like `ocl…`. */
  readonly id: string
  readonly name: string
  readonly status: 'ACTIVE' | 'INACTIVE'
  /** Of access tokens (`RESOURCE`) or of ID tokens (`IDENTITY`). */
  readonly claimType: 'RESOURCE' | 'IDENTITY'
  /** `GROUPS`: the names of a person's groups; `EXPRESSION`: what `value` evaluates to. */
  readonly valueType: 'EXPRESSION' | 'GROUPS' | 'SYSTEM'
  /** The expression, or what groups' names are compared with. */
  readonly value: string
  readonly groupFilter?: GroupFilter
  /** Only for tokens with one of these scopes; for all when there is none. */
  readonly scopes: readonly string[]
  readonly alwaysIncludeInToken: boolean
}

/** How groups' names are compared with a claim's value. */
export type GroupFilter = 'STARTS_WITH' | 'EQUALS' | 'CONTAINS' | 'REGEX'
