import { privateJwk } from '../../shape/jwk-shape.ts'
import {
  either,
  flag,
  list,
  object,
  oneOf,
  optional,
  type Shape,
  text,
  textWhere,
  wholeNumber,
} from '../../shape/shape.ts'
import type {
  AuthorizationServerOptions,
  ClaimOptions,
  PolicyOptions,
  RuleOptions,
} from '../sandbox-options.ts'
import { meantExpression } from './expression-shape.ts'
import { memberOf } from './member-of.ts'

const rule: Shape<RuleOptions> = object({
  id: optional(text),
  name: text,
  grantTypes: optional(list(text)),
  scopes: optional(list(text)),
  accessTokenLifetimeSeconds: optional(wholeNumber(300, 86_400)),
  inlineHook: optional(text),
})

const policy: Shape<PolicyOptions> = object({
  id: optional(text),
  name: text,
  clients: optional(
    either<'ALL_CLIENTS' | readonly string[]>((value) =>
      typeof value === 'string' ? oneOf('ALL_CLIENTS') : list(text),
    ),
  ),
  rules: list(rule),
})

const scope = either<string | { name: string; default?: boolean }>((value) =>
  typeof value === 'string' ? text : object({ name: text, default: optional(flag) }),
)

const isPattern = (pattern: string): boolean => {
  try {
    new RegExp(pattern)
    return true
  } catch {
    return false
  }
}

const claimMembers = {
  name: text,
  token: optional(oneOf('access', 'id')),
  scopes: optional(list(text)),
}
const groupsClaim = object({
  ...claimMembers,
  groups: textWhere(isPattern, 'expected a regular expression'),
})
const expressionClaim = object({ ...claimMembers, expression: meantExpression })
const claim: Shape<ClaimOptions> = either<ClaimOptions>((value) =>
  memberOf(value, 'groups') === undefined ? expressionClaim : groupsClaim,
)

const attributeName = textWhere(
  (name) => /^[A-Za-z_$][\w$]*$/.test(name),
  "expected an attribute's name: letters, digits and '_' only",
)

/** An authorization server of the options. */
export const authorizationServer: Shape<AuthorizationServerOptions> = object({
  id: textWhere((id) => /^[\w-]+$/.test(id), "expected letters, digits, '-' and '_' only"),
  name: optional(text),
  audience: optional(text),
  scopes: optional(list(scope)),
  accessTokenClaims: optional(list(attributeName)),
  claims: optional(list(claim)),
  policies: optional(list(policy)),
  trustedServers: optional(list(text)),
  resourceParameters: optional(oneOf('ignored', 'refused', 'granted')),
  signingKey: optional(privateJwk),
})
