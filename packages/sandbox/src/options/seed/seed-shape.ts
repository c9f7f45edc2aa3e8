import { anything, either, flag, list, number, object, oneOf, type Shape, text } from './shape.ts'

const texts = list(text)
const textMap = object({ others: text })
const jwk = object({ required: { kty: text }, others: anything })

const rule = object({
  required: { name: text },
  optional: {
    id: text,
    grantTypes: texts,
    scopes: texts,
    accessTokenLifetimeSeconds: number,
    inlineHook: text,
  },
})

const policy = object({
  required: { name: text, rules: list(rule) },
  optional: {
    id: text,
    clients: either((value) => (typeof value === 'string' ? oneOf('ALL_CLIENTS') : texts)),
  },
})

const scope = either((value) =>
  typeof value === 'string' ? text : object({ required: { name: text }, optional: { default: flag } }),
)

const authorizationServer = object({
  required: { id: text },
  optional: {
    name: text,
    audience: text,
    scopes: list(scope),
    accessTokenClaims: texts,
    policies: list(policy),
    signingKey: jwk,
  },
})

const secretMethod = oneOf('client_secret_basic', 'client_secret_post')
const memberOf = (value: unknown, name: string): unknown => Object(value)[name]

const appAuth = either((value) =>
  memberOf(value, 'method') === 'private_key_jwt'
    ? object({ required: { method: text, keys: list(jwk) } })
    : object({ required: { method: secretMethod, clientSecret: text } }),
)

const app = either((value) =>
  memberOf(value, 'type') === 'spa'
    ? object({
        required: { clientId: text, type: text, redirectUris: texts },
        optional: { label: text, postLogoutRedirectUris: texts },
      })
    : object({
        required: { clientId: text, type: oneOf('spa', 'service'), auth: appAuth },
        optional: { label: text, managementScopes: texts },
      }),
)

const oauthClient = { type: text, clientId: text, tokenUrl: text, scope: text }

const hookAuth = either((value) => {
  switch (memberOf(value, 'type')) {
    case 'client_secret_post':
      return object({ required: { ...oauthClient, clientSecret: text } })
    case 'private_key_jwt':
      return object({ required: { ...oauthClient, hookKeyId: text } })
    default:
      return object({ required: { secret: text }, optional: { header: text } })
  }
})

/** What a seed may consist of. */
export const seedShape: Shape = object({
  optional: {
    port: number,
    host: text,
    authorizationServers: list(authorizationServer),
    users: list(object({ required: { login: text }, optional: { id: text }, others: anything })),
    apps: list(app),
    inlineHooks: list(
      object({
        required: { id: text, uri: text, auth: hookAuth },
        optional: { name: text, headers: textMap },
      }),
    ),
    hookKeys: list(object({ required: { id: text }, optional: { name: text, key: jwk } })),
    apiTokens: texts,
    hook: object({ required: { uri: text, secret: text }, optional: { header: text, headers: textMap } }),
    hookTimeoutMs: number,
  },
})
