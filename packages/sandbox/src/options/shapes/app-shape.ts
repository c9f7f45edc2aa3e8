import * as v from 'valibot'
import { tokenExchangeGrant } from '../../org/token-exchange-grant.ts'
import { publicJwk } from '../../shape/jwk-shape.ts'
import { either, list, object, oneOf, optional, type Shape, text, textWhere, url } from '../../shape/shape.ts'
import type { AppOptions, ConfidentialAuth } from '../sandbox-options.ts'
import { memberOf } from './member-of.ts'

const secretAuth = object({
  method: oneOf('client_secret_basic', 'client_secret_post'),
  clientSecret: textWhere((secret) => /^[\x20-\x7e]+$/.test(secret), 'expected printable ASCII characters'),
})

const keyAuth = object({
  method: oneOf('private_key_jwt'),
  keys: v.pipe(list(publicJwk), v.minLength(1, 'expected at least one public key')),
})

const auth = either<ConfidentialAuth>((value) =>
  memberOf(value, 'method') === 'private_key_jwt' ? keyAuth : secretAuth,
)

const common = { clientId: text, label: optional(text) }
/** RFC 6749 §3.1.2: an answer has a place of its own there. */
const redirectUri = v.pipe(
  url(),
  v.check((uri) => !uri.includes('#'), 'expected a URL without a fragment'),
)
const redirects = { redirectUris: list(redirectUri), postLogoutRedirectUris: optional(list(url())) }

const publicApp = object({ ...common, type: oneOf('spa', 'native'), ...redirects })
const webApp = object({ ...common, type: oneOf('web'), auth, ...redirects })
const service = object({
  ...common,
  type: v.literal('service', 'expected spa, web, native or service'),
  auth,
  grantTypes: optional(list(oneOf('client_credentials', tokenExchangeGrant))),
  managementScopes: optional(list(text)),
})

/** An app of the options. */
export const app: Shape<AppOptions> = either<AppOptions>((value) => {
  switch (memberOf(value, 'type')) {
    case 'spa':
    case 'native':
      return publicApp
    case 'web':
      return webApp
    default:
      return service
  }
})
