import type { Json } from './json.ts'
import type { User } from './user.ts'

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

/** What a claim is about. */
export interface ClaimSubject {
  readonly user: User | undefined
  /** The names of the user's groups. */
  readonly groups: readonly string[]
  readonly clientId: string
  readonly scopes: readonly string[]
}

/** Returns the value of a claim in a token; undefined when the token does not get it. */
export function valueOfClaim(claim: CustomClaim, subject: ClaimSubject): Json | undefined {
  const { scopes, status, valueType, value } = claim
  if (status !== 'ACTIVE' || (scopes.length > 0 && !scopes.some((scope) => subject.scopes.includes(scope)))) {
    return undefined
  }
  switch (valueType) {
    case 'GROUPS': {
      const names = subject.groups.filter((name) => passes(name, claim.groupFilter, value))
      return names.length === 0 ? undefined : names
    }
    case 'EXPRESSION':
      return evaluate(value, subject)
    case 'SYSTEM':
      return undefined
  }
}

/** Texts in quotes, attributes of the user, the app's id: of Okta's expressions no more than these. */
function evaluate(expression: string, { user, clientId }: ClaimSubject): Json | undefined {
  const [, quoted] = /^\s*"([^"]*)"\s*$/.exec(expression) ?? []
  if (quoted !== undefined) return quoted
  const [, root, name = ''] = /^\s*(user|appuser|app)\.([\w.]+)\s*$/.exec(expression) ?? []
  if (root === 'app') return name === 'clientId' || name === 'id' ? clientId : undefined
  if (root === undefined || user === undefined) return undefined
  if (name === 'login' || name === 'userName') return user.login
  return user.profile[name] ?? user.profile[oidcNames.get(name) ?? name]
}

function passes(name: string, filter: GroupFilter | undefined, value: string): boolean {
  switch (filter) {
    case 'STARTS_WITH':
      return name.startsWith(value)
    case 'EQUALS':
      return name === value
    case 'CONTAINS':
      return name.includes(value)
    default:
      return matches(name, value)
  }
}

function matches(name: string, pattern: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`).test(name)
  } catch {
    return false
  }
}

/** Okta's names of profile attributes that OpenID Connect calls something else. */
export const oidcNames: ReadonlyMap<string, string> = new Map([
  ['firstName', 'given_name'],
  ['lastName', 'family_name'],
  ['middleName', 'middle_name'],
  ['displayName', 'name'],
  ['nickName', 'nickname'],
  ['profileUrl', 'profile'],
  ['primaryPhone', 'phone_number'],
  ['timezone', 'zoneinfo'],
])
