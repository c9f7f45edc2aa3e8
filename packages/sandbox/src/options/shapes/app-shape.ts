import * as v from 'valibot'
import type { AppAuth } from '../../org/app.ts'
import { publicJwk } from '../../shape/jwk-shape.ts'
import { either, list, object, oneOf, optional, type Shape, text, textWhere, url } from '../../shape/shape.ts'
import type { AppOptions } from '../sandbox-options.ts'
import { memberOf } from './member-of.ts'

const secretAuth = object({
  method: oneOf('client_secret_basic', 'client_secret_post'),
  clientSecret: textWhere((secret) => /^[\x20-\x7e]+$/.test(secret), 'expected printable ASCII characters'),
})

const keyAuth = object({
  method: oneOf('private_key_jwt'),
  keys: v.pipe(list(publicJwk), v.minLength(1, 'expected at least one public key')),
})

const auth = either<Exclude<AppAuth, { method: 'none' }>>((value) =>
  memberOf(value, 'method') === 'private_key_jwt' ? keyAuth : secretAuth,
)

const singlePage = object({
  clientId: text,
  label: optional(text),
  type: oneOf('spa'),
  redirectUris: list(url()),
  postLogoutRedirectUris: optional(list(url())),
})

const service = object({
  clientId: text,
  label: optional(text),
  type: v.literal('service', 'expected spa or service'),
  auth,
  managementScopes: optional(list(text)),
})

/** An app of the options. */
export const app: Shape<AppOptions> = either<AppOptions>((value) =>
  memberOf(value, 'type') === 'spa' ? singlePage : service,
)
