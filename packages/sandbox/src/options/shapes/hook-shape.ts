import type { OAuthHookAuth } from '../../org/inline-hook.ts'
import { privateJwk } from '../../shape/jwk-shape.ts'
import {
  either,
  mapOf,
  object,
  oneOf,
  optional,
  type Shape,
  text,
  textWhere,
  url,
} from '../../shape/shape.ts'
import type { HookKeyOptions, HookOptions, InlineHookOptions } from '../sandbox-options.ts'
import { memberOf } from './member-of.ts'

const hookUri = url('http', 'https')
/** Else no call could be made, and every token would be plain. */
const headerName = textWhere((name) => /^[\w!#$%&'*+.^`|~-]+$/.test(name), 'expected the name of a header')
const headerValue = textWhere(
  (value) => /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(value),
  'expected printable ASCII characters, without a space at either end',
)
const oauthClient = { clientId: text, tokenUrl: hookUri, scope: text }
const headerAuth = object({ header: optional(headerName), secret: headerValue })
const secretAuth = object({ type: oneOf('client_secret_post'), ...oauthClient, clientSecret: text })
const keyAuth = object({ type: oneOf('private_key_jwt'), ...oauthClient, hookKeyId: text })

const auth = either<{ header?: string; secret: string } | OAuthHookAuth>((value) => {
  if (memberOf(value, 'type') === undefined) return headerAuth
  return memberOf(value, 'type') === 'private_key_jwt' ? keyAuth : secretAuth
})

/** The hook for the usual case. */
export const hook: Shape<HookOptions> = object({
  uri: hookUri,
  secret: headerValue,
  header: optional(headerName),
  headers: optional(mapOf(headerValue)),
})

/** An inline hook of the options. */
export const inlineHook: Shape<InlineHookOptions> = object({
  id: text,
  name: optional(text),
  uri: hookUri,
  auth,
  headers: optional(mapOf(headerValue)),
})

/** A hook key of the options. */
export const hookKey: Shape<HookKeyOptions> = object({
  id: text,
  name: optional(text),
  key: optional(privateJwk),
})
