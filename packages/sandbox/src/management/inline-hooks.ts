import { ApiFault, invalid, notFound } from '../http/api-fault.ts'
import type { LiveOrg } from '../live-org.ts'
import { createIdentifier } from '../org/identifier.ts'
import type { HookAuth, InlineHook } from '../org/inline-hook.ts'
import { isJsonObject, type JsonObject } from '../org/json.ts'
import { objectOr, requireObject, requireText } from './members.ts'
import { whole } from './page.ts'
import { done, ok, type Route } from './route.ts'

const type = 'com.okta.oauth2.tokens.transform'
const maxHooks = 100
const maxUriLength = 1024
const scope = 'okta.inlineHooks'
const path = '/api/v1/inlineHooks'

/** Inline hooks: list, create, read, replace, activate, deactivate, delete, execute. */
export function inlineHookRoutes(org: LiveOrg): readonly Route[] {
  const { inlineHooks: hooks } = org
  const find = (id: string): InlineHook => {
    const hook = hooks.get(id)
    if (hook === undefined) throw notFound(id, 'InlineHook')
    return hook
  }
  const now = (): string => new Date(org.clock.now()).toISOString()
  const log = (event: string, { id, name }: InlineHook): void =>
    org.systemLog.write({
      eventType: `inline_hook.${event}`,
      displayMessage: `Inline hook ${event}`,
      severity: 'INFO',
      outcome: { result: 'SUCCESS' },
      actor: { id: 'management', type: 'SystemPrincipal', displayName: 'Management API' },
      target: [{ id, type: 'inline_hook', displayName: name }],
      debugData: {},
    })
  const save = (hook: InlineHook, event: string): InlineHook => {
    hooks.set(hook.id, hook)
    log(event, hook)
    return hook
  }
  const setStatus = (id: string, status: InlineHook['status']): JsonObject =>
    toDocument(
      save({ ...find(id), status, lastUpdated: now() }, status === 'ACTIVE' ? 'activated' : 'deactivated'),
      org,
    )
  return [
    {
      method: 'GET',
      path,
      scope,
      handle: ({ query }) => {
        const asked = query.get('type') ?? type
        const found = asked === type ? [...hooks.values()] : []
        return whole(
          found.map((hook) => toDocument(hook, org)),
          query,
        )
      },
    },
    {
      method: 'POST',
      path,
      scope,
      handle: ({ body }) => {
        if (hooks.size >= maxHooks)
          throw invalid('inlineHooks', `An org has at most ${maxHooks} inline hooks`)
        const settings = parseHook(body)
        const created = now()
        const id = createIdentifier('cal')
        const hook: InlineHook = { id, status: 'ACTIVE', created, lastUpdated: created, ...settings }
        return ok(toDocument(save(hook, 'created'), org))
      },
    },
    {
      method: 'GET',
      path: `${path}/:id`,
      scope,
      handle: (request) => ok(toDocument(find(request.param('id')), org)),
    },
    {
      method: 'PUT',
      path: `${path}/:id`,
      scope,
      handle: ({ param, body }) => {
        const hook = find(param('id'))
        const replaced = { ...hook, ...parseHook(body, hook), lastUpdated: now() }
        return ok(toDocument(save(replaced, 'updated'), org))
      },
    },
    {
      method: 'DELETE',
      path: `${path}/:id`,
      scope,
      handle: ({ param }) => {
        const hook = find(param('id'))
        if (hook.status === 'ACTIVE') throw invalid('status', 'An inline hook must be INACTIVE to be deleted')
        hooks.delete(hook.id)
        log('deleted', hook)
        return done
      },
    },
    {
      method: 'POST',
      path: `${path}/:id/lifecycle/activate`,
      scope,
      handle: ({ param }) => ok(setStatus(param('id'), 'ACTIVE')),
    },
    {
      method: 'POST',
      path: `${path}/:id/lifecycle/deactivate`,
      scope,
      handle: ({ param }) => ok(setStatus(param('id'), 'INACTIVE')),
    },
    {
      method: 'POST',
      path: `${path}/:id/execute`,
      scope,
      handle: async ({ param, body }) => ok(await preview(find(param('id')), body, org)),
    },
  ]
}

/** What the hook answers to a payload; a preview changes nothing. */
async function preview(hook: InlineHook, payload: JsonObject, org: LiveOrg): Promise<JsonObject> {
  const answer = await org.hooks(hook, payload)
  switch (answer.kind) {
    case 'failure':
      throw new ApiFault('E0000001', 'Api validation failed: inlineHook', [answer.reason])
    case 'unchanged':
      return {}
    default:
      return answer.document
  }
}

function parseHook(
  body: JsonObject,
  previous?: InlineHook,
): Pick<InlineHook, 'name' | 'uri' | 'auth' | 'headers'> {
  const name = requireText(body, 'name')
  const named = previous === undefined ? body : { type, ...body }
  if (requireText(named, 'type') !== type) throw invalid('type', `Only ${type} is supported`)
  requireText(body, 'version')
  const channel = requireObject(body, 'channel')
  const config = requireObject(channel, 'config', 'channel.config')
  const uri = requireText(config, 'uri', 'channel.config.uri')
  if (!URL.canParse(uri) || uri.length > maxUriLength) {
    throw invalid('channel.config.uri', `Must be a URL of at most ${maxUriLength} characters`)
  }
  const headers = Array.isArray(config['headers']) ? config['headers'].filter(isJsonObject) : []
  return {
    name,
    uri,
    auth: parseAuth(requireText(channel, 'type', 'channel.type'), config, previous?.auth),
    headers: Object.fromEntries(headers.map(({ key, value }) => [String(key), String(value)])),
  }
}

/** A secret that is left out of a replacement stays as it was: nobody can read it to send it again. */
function parseAuth(channelType: string, config: JsonObject, previous?: HookAuth): HookAuth {
  if (channelType === 'HTTP') {
    const scheme = objectOr(config['authScheme'])
    const kept =
      previous?.type === 'header'
        ? { key: previous.header, value: previous.secret }
        : { key: 'Authorization' }
    const at = 'channel.config.authScheme'
    return {
      type: 'header',
      header: requireText({ ...kept, ...scheme }, 'key', `${at}.key`),
      secret: requireText({ ...kept, ...scheme }, 'value', `${at}.value`),
    }
  }
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

function toDocument(
  { id, name, status, created, lastUpdated, uri, auth, headers }: InlineHook,
  org: LiveOrg,
): JsonObject {
  const self = `${org.url}${path}/${id}`
  const link = (href: string, ...allow: string[]): JsonObject => ({ href, hints: { allow } })
  return {
    id,
    name,
    status,
    type,
    version: '1.0.0',
    created,
    lastUpdated,
    channel: {
      type: auth.type === 'header' ? 'HTTP' : 'OAUTH',
      version: '1.0.0',
      config: {
        uri,
        method: 'POST',
        headers: Object.entries(headers).map(([key, value]) => ({ key, value })),
        ...authDocument(auth),
      },
    },
    _links: {
      self: link(self, 'GET', 'PUT', 'DELETE'),
      execute: link(`${self}/execute`, 'POST'),
      ...(status === 'ACTIVE'
        ? { deactivate: link(`${self}/lifecycle/deactivate`, 'POST') }
        : { activate: link(`${self}/lifecycle/activate`, 'POST') }),
    },
  }
}

/** Without secrets: Okta never shows them again. */
function authDocument(auth: HookAuth): JsonObject {
  if (auth.type === 'header') return { authScheme: { type: 'HEADER', key: auth.header } }
  const { type: authType, clientId, tokenUrl, scope: tokenScope } = auth
  const key = auth.type === 'private_key_jwt' ? { hookKeyId: auth.hookKeyId } : {}
  return { authType, clientId, tokenUrl, scope: tokenScope, ...key }
}
