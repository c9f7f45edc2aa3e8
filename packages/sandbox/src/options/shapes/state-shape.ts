import * as v from 'valibot'
import type { AccessPolicy, PolicyRule } from '../../org/access-policy.ts'
import type { App, AppAuth } from '../../org/app.ts'
import type { CustomClaim } from '../../org/custom-claim.ts'
import type { EventHook } from '../../org/event-hook.ts'
import type { Group } from '../../org/group.ts'
import type { HookAuth, InlineHook } from '../../org/inline-hook.ts'
import type { AuthorizationServerState, HookKeyState, OrgState } from '../../org/org-state.ts'
import type { Scope } from '../../org/scope.ts'
import type { LogEvent } from '../../org/system-log.ts'
import type { TrustedOrigin } from '../../org/trusted-origin.ts'
import type { User } from '../../org/user.ts'
import { json, jsonObject } from '../../shape/json-shape.ts'
import { privateJwk, publicJwk } from '../../shape/jwk-shape.ts'
import { either, flag, list, mapOf, object, oneOf, optional, type Shape, text } from '../../shape/shape.ts'
import { expression } from './expression-shape.ts'
import { memberOf } from './member-of.ts'

const anyText = v.string('expected a text')
const status = oneOf('ACTIVE', 'INACTIVE')

const dated = { created: text, lastUpdated: text }
const texts = list(text)

const rule: Shape<PolicyRule> = object({ id: text, status, system: flag, ...dated, document: jsonObject })
const policy: Shape<AccessPolicy> = object({
  id: text,
  status,
  system: flag,
  ...dated,
  document: jsonObject,
  rules: list(rule),
})
const textOrNull = v.nullable(anyText)

const scope: Shape<Scope> = object({
  id: text,
  name: text,
  displayName: optional(anyText),
  description: textOrNull,
  system: flag,
  default: flag,
  consent: optional(oneOf('IMPLICIT', 'REQUIRED', 'FLEXIBLE')),
  metadataPublish: oneOf('ALL_CLIENTS', 'NO_CLIENTS'),
  optional: optional(flag),
})

const claimMembers = {
  id: text,
  name: text,
  status,
  claimType: oneOf('RESOURCE', 'IDENTITY'),
  groupFilter: optional(oneOf('STARTS_WITH', 'EQUALS', 'CONTAINS', 'REGEX')),
  scopes: texts,
  alwaysIncludeInToken: flag,
}
const claim = either<CustomClaim>((value) =>
  memberOf(value, 'valueType') === 'EXPRESSION'
    ? object({ ...claimMembers, valueType: oneOf('EXPRESSION'), value: expression })
    : object({ ...claimMembers, valueType: oneOf('EXPRESSION', 'GROUPS', 'SYSTEM'), value: anyText }),
)

const server: Shape<AuthorizationServerState> = object({
  id: text,
  name: text,
  description: textOrNull,
  audience: text,
  issuerMode: text,
  rotationMode: text,
  status,
  ...dated,
  lastRotated: text,
  scopes: list(scope),
  claims: list(claim),
  policies: list(policy),
  resourceParameters: oneOf('ignored', 'refused', 'granted'),
  trustedServers: optional(list(text)),
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
  type: oneOf('spa', 'web', 'native', 'service'),
  status,
  auth: appAuth,
  redirectUris: list(text),
  postLogoutRedirectUris: list(text),
  grantTypes: list(text),
  responseTypes: texts,
  pkceRequired: flag,
  managementScopes: texts,
  document: jsonObject,
  ...dated,
})

const user: Shape<User> = object({
  id: text,
  login: text,
  status: oneOf('ACTIVE', 'STAGED', 'SUSPENDED', 'DEPROVISIONED'),
  profile: mapOf(json),
  amr: texts,
  ...dated,
})

const group: Shape<Group> = object({
  id: text,
  name: text,
  description: anyText,
  memberIds: texts,
  ...dated,
})

const oauthClient = { clientId: text, tokenUrl: text, scope: text }
const hookAuth = either<HookAuth>((value) => {
  switch (memberOf(value, 'type')) {
    case 'none':
      return object({ type: oneOf('none') })
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
  type: text,
  version: text,
  status,
  uri: text,
  auth: hookAuth,
  headers: mapOf(anyText),
  ...dated,
})

const eventHook: Shape<EventHook> = object({
  id: text,
  name: text,
  description: textOrNull,
  status,
  verificationStatus: oneOf('UNVERIFIED', 'VERIFIED'),
  types: texts,
  uri: text,
  auth: optional(object({ header: text, secret: text })),
  headers: mapOf(anyText),
  ...dated,
})

const hookKey: Shape<HookKeyState> = object({
  id: text,
  name: text,
  ...dated,
  key: privateJwk,
})

const trustedOrigin: Shape<TrustedOrigin> = object({
  id: text,
  name: text,
  origin: text,
  status,
  ...dated,
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
  groups: list(group),
  inlineHooks: list(inlineHook),
  eventHooks: optional(list(eventHook)),
  hookKeys: list(hookKey),
  trustedOrigins: list(trustedOrigin),
  log: list(logEvent),
})
