import { invalid } from '../http/api-fault.ts'
import { type HookAuth, type InlineHook, tokenHookType } from '../org/inline-hook.ts'
import { isJsonObject, type JsonObject } from '../org/json.ts'
import { type OktaFacts, plays } from '../org/okta-facts.ts'
import { lifecycleLink, link } from './link.ts'
import { objectOr, requireObject, requireText } from './members.ts'

export const hooksPath = '/api/v1/inlineHooks'

const maxUriLength = 1024

/** The types of hooks that Okta has. */
const types: readonly string[] = [
  tokenHookType,
  'com.okta.import.transform',
  'com.okta.saml.tokens.transform',
  'com.okta.telephony.provider',
  'com.okta.user.credential.password.import',
  'com.okta.user.pre-registration',
]

type HookSettings = Pick<InlineHook, 'name' | 'type' | 'version' | 'uri' | 'auth' | 'headers'>

/**
 * Reads what an administrator wrote. What is left out of a replacement stays as it was: the type cannot change,
 * and nobody can read a secret to send it again.
 *
 * @throws ApiFault E0000001 that names the member
 */
export function parseHook(body: JsonObject, previous?: InlineHook, facts: OktaFacts = {}): HookSettings {
  const name = requireText(body, 'name')
  const type = requireText({ type: previous?.type, ...body }, 'type')
  if (!types.includes(type)) throw invalid('type', 'The type is not supported')
  if (previous !== undefined && type !== previous.type) throw invalid('type', 'The type cannot be changed')
  const version = requireText({ version: previous?.version, ...body }, 'version')
  const channel = requireObject(body, 'channel')
  const config = requireObject(channel, 'config', 'channel.config')
  const uri = requireText(config, 'uri', 'channel.config.uri')
  if (!URL.canParse(uri) || uri.length > maxUriLength) {
    throw invalid('channel.config.uri', `Must be a URL of at most ${maxUriLength} characters`)
  }
  const headers = Array.isArray(config['headers']) ? config['headers'].filter(isJsonObject) : []
  return {
    name,
    type,
    version,
    uri,
    auth: parseAuth(
      requireText(channel, 'type', 'channel.type'),
      config,
      plays(facts, 'secret-left-out', 'stays') ? previous?.auth : undefined,
    ),
    headers: Object.fromEntries(headers.map(({ key, value }) => [String(key), String(value)])),
  }
}

/** Says what is left of a document when only some members of it are written: the others are those of the hook. */
export function mergeHook(hook: InlineHook, body: JsonObject, url: string): JsonObject {
  const current = hookDocument(hook, url)
  const channel = objectOr(current['channel'])
  const asked = objectOr(body['channel'])
  return {
    ...current,
    ...body,
    channel: {
      ...channel,
      ...asked,
      config: { ...objectOr(channel['config']), ...objectOr(asked['config']) },
    },
  }
}

function parseAuth(channelType: string, config: JsonObject, previous?: HookAuth): HookAuth {
  if (channelType === 'HTTP') return parseSecret(config, previous)
  if (channelType !== 'OAUTH') throw invalid('channel.type', 'Must be HTTP or OAUTH')
  const client = {
    clientId: requireText(config, 'clientId', 'channel.config.clientId'),
    tokenUrl: requireText(config, 'tokenUrl', 'channel.config.tokenUrl'),
    scope: requireText(config, 'scope', 'channel.config.scope'),
  }
  if (config['authType'] === 'private_key_jwt') {
    const hookKeyId = requireText(config, 'hookKeyId', 'channel.config.hookKeyId')
    return { type: 'private_key_jwt', ...client, hookKeyId }
  }
  if (config['authType'] !== 'client_secret_post') {
    throw invalid('channel.config.authType', 'Must be client_secret_post or private_key_jwt')
  }
  const kept = previous?.type === 'client_secret_post' ? { clientSecret: previous.clientSecret } : {}
  const clientSecret = requireText({ ...kept, ...config }, 'clientSecret', 'channel.config.clientSecret')
  return { type: 'client_secret_post', ...client, clientSecret }
}

function parseSecret({ authScheme }: JsonObject, previous?: HookAuth): HookAuth {
  const kept = previous?.type === 'header' ? { key: previous.header, value: previous.secret } : undefined
  if (!isJsonObject(authScheme)) return previous?.type === 'header' ? previous : { type: 'none' }
  const at = 'channel.config.authScheme'
  const scheme = { key: 'Authorization', ...kept, ...authScheme }
  return {
    type: 'header',
    header: requireText(scheme, 'key', `${at}.key`),
    secret: requireText(scheme, 'value', `${at}.value`),
  }
}

/** Returns a hook as Okta answers it: without secrets, which are never shown again. */
export function hookDocument(hook: InlineHook, url: string): JsonObject {
  const { id, name, status, type, version, created, lastUpdated, uri, auth, headers } = hook
  const self = `${url}${hooksPath}/${id}`
  return {
    id,
    status,
    name,
    type,
    version,
    channel: {
      type: 'clientId' in auth ? 'OAUTH' : 'HTTP',
      version: '1.0.0',
      config: {
        uri,
        headers: Object.entries(headers).map(([key, value]) => ({ key, value })),
        method: 'POST',
        ...authDocument(auth),
      },
    },
    created,
    lastUpdated,
    _links: {
      self: link(self),
      ...(status === 'ACTIVE'
        ? { execute: link(`${self}/execute`, 'POST') }
        : { delete: link(self, 'DELETE') }),
      ...lifecycleLink(self, status),
    },
  }
}

function authDocument(auth: HookAuth): JsonObject {
  switch (auth.type) {
    case 'none':
      return { authScheme: null }
    case 'header':
      return { authScheme: { type: 'HEADER', key: auth.header } }
    default: {
      const { type: authType, clientId, tokenUrl, scope } = auth
      const key = auth.type === 'private_key_jwt' ? { hookKeyId: auth.hookKeyId } : {}
      return { authScheme: null, authType, clientId, tokenUrl, scope, ...key }
    }
  }
}
