import * as v from 'valibot'
import type { AccessPolicy, PolicyRule } from '../../org/access-policy.ts'
import type { App, AppAuth } from '../../org/app.ts'
import type { HookAuth, InlineHook } from '../../org/inline-hook.ts'
import type { AuthorizationServerState, HookKeyState, OrgState } from '../../org/org-state.ts'
import type { Scope } from '../../org/scope.ts'
import type { LogEvent } from '../../org/system-log.ts'
import type { TrustedOrigin } from '../../org/trusted-origin.ts'
import type { User } from '../../org/user.ts'
import { json, jsonObject } from '../../shape/json-shape.ts'
import { privateJwk, publicJwk } from '../../shape/jwk-shape.ts'
import { either, flag, list, mapOf, object, oneOf, optional, type Shape, text } from '../../shape/shape.ts'
import { memberOf } from './member-of.ts'

const anyText = v.string('expected a text')
const status = oneOf('ACTIVE', 'INACTIVE')

const rule: Shape<PolicyRule> = object({ id: text, status, document: jsonObject })
const policy: Shape<AccessPolicy> = object({ id: text, status, document: jsonObject, rules: list(rule) })
const scope: Shape<Scope> = object({
  name: text,
  description: optional(anyText),
  system: flag,
  default: flag,
})

const server: Shape<AuthorizationServerState> = object({
  id: text,
  name: text,
  description: anyText,
  audience: text,
  status,
  scopes: list(scope),
  accessTokenClaims: list(text),
  policies: list(policy),
  resourceParameters: oneOf('ignored', 'refused', 'granted'),
  keys: object({ active: privateJwk, next: optional(privateJwk), expired: list(privateJwk) }),
})

const appAuth = either<AppAuth>((value) => {
  switch (memberOf(value, 'method')) {
    case 'none':
      return object({ method: oneOf('none') })
    case 'private_key_jwt':
      return object({ method: oneOf('private_key_jwt'), keys: list(publicJwk) })
    default:
      return object({ method: oneOf('client_secret_basic', 'client_secret_post'), clientSecret: text })
  }
})

const app: Shape<App> = object({
  clientId: text,
  label: text,
  type: oneOf('spa', 'service'),
  status,
  auth: appAuth,
  redirectUris: list(text),
  postLogoutRedirectUris: list(text),
  grantTypes: list(text),
  managementScopes: list(text),
  profile: optional(jsonObject),
})

const user: Shape<User> = object({ id: text, login: text, profile: mapOf(json) })

const oauthClient = { clientId: text, tokenUrl: text, scope: text }
const hookAuth = either<HookAuth>((value) => {
  switch (memberOf(value, 'type')) {
    case 'client_secret_post':
      return object({ type: oneOf('client_secret_post'), ...oauthClient, clientSecret: text })
    case 'private_key_jwt':
      return object({ type: oneOf('private_key_jwt'), ...oauthClient, hookKeyId: text })
    default:
      return object({ type: oneOf('header'), header: text, secret: text })
  }
})

const inlineHook: Shape<InlineHook> = object({
  id: text,
  name: text,
  status,
  uri: text,
  auth: hookAuth,
  headers: mapOf(anyText),
  created: text,
  lastUpdated: text,
})

const hookKey: Shape<HookKeyState> = object({
  id: text,
  name: text,
  created: text,
  lastUpdated: text,
  key: privateJwk,
})

const trustedOrigin: Shape<TrustedOrigin> = object({
  id: text,
  name: text,
  origin: text,
  status,
  created: text,
  lastUpdated: text,
})

const party = object({ id: text, type: text, alternateId: optional(anyText), displayName: anyText })
const logEvent: Shape<LogEvent> = object({
  uuid: text,
  published: text,
  version: oneOf('0'),
  eventType: text,
  displayMessage: anyText,
  severity: oneOf('DEBUG', 'INFO', 'WARN', 'ERROR'),
  outcome: object({ result: oneOf('SUCCESS', 'FAILURE', 'ALLOW', 'DENY'), reason: optional(anyText) }),
  actor: party,
  target: list(party),
  request: optional(object({ id: text, url: anyText, ipAddress: anyText, userAgent: optional(anyText) })),
  debugContext: object({ debugData: jsonObject }),
})

/** The exported state of an org. */
export const orgState: Shape<OrgState> = object({
  version: v.literal(1, 'expected 1'),
  authorizationServers: list(server),
  apps: list(app),
  users: list(user),
  inlineHooks: list(inlineHook),
  hookKeys: list(hookKey),
  trustedOrigins: list(trustedOrigin),
  log: list(logEvent),
})
