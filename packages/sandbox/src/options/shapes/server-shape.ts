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
import type { AuthorizationServerOptions, PolicyOptions, RuleOptions } from '../sandbox-options.ts'

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

/** An authorization server of the options. */
export const authorizationServer: Shape<AuthorizationServerOptions> = object({
  id: textWhere((id) => /^[\w-]+$/.test(id), "expected letters, digits, '-' and '_' only"),
  name: optional(text),
  audience: optional(text),
  scopes: optional(list(scope)),
  accessTokenClaims: optional(list(text)),
  policies: optional(list(policy)),
  resourceParameters: optional(oneOf('ignored', 'refused', 'granted')),
  signingKey: optional(privateJwk),
})
