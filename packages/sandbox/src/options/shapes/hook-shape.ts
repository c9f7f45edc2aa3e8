import type { OAuthHookAuth } from '../../org/inline-hook.ts'
import { privateJwk } from '../../shape/jwk-shape.ts'
import { either, mapOf, object, oneOf, optional, type Shape, text, url } from '../../shape/shape.ts'
import type { HookKeyOptions, HookOptions, InlineHookOptions } from '../sandbox-options.ts'
import { memberOf } from './member-of.ts'

const hookUri = url('http', 'https')
const oauthClient = { clientId: text, tokenUrl: hookUri, scope: text }
const headerAuth = object({ header: optional(text), secret: text })
const secretAuth = object({ type: oneOf('client_secret_post'), ...oauthClient, clientSecret: text })
const keyAuth = object({ type: oneOf('private_key_jwt'), ...oauthClient, hookKeyId: text })

const auth = either<{ header?: string; secret: string } | OAuthHookAuth>((value) => {
  if (memberOf(value, 'type') === undefined) return headerAuth
  return memberOf(value, 'type') === 'private_key_jwt' ? keyAuth : secretAuth
})

/** The hook for the usual case. */
export const hook: Shape<HookOptions> = object({
  uri: hookUri,
  secret: text,
  header: optional(text),
  headers: optional(mapOf(text)),
})

/** An inline hook of the options. */
export const inlineHook: Shape<InlineHookOptions> = object({
  id: text,
  name: optional(text),
  uri: hookUri,
  auth,
  headers: optional(mapOf(text)),
})

/** A hook key of the options. */
export const hookKey: Shape<HookKeyOptions> = object({
  id: text,
  name: optional(text),
  key: optional(privateJwk),
})
