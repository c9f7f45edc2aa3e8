import { invalid } from '../http/api-fault.ts'
import type { EventHook } from '../org/event-hook.ts'
import { isJsonObject, type JsonObject } from '../org/json.ts'
import { lifecycleLink, link } from './link.ts'
import { requireObject, requireText, texts } from './members.ts'

export const eventHooksPath = '/api/v1/eventHooks'

const maxUriLength = 1024

type Settings = Pick<EventHook, 'name' | 'description' | 'types' | 'uri' | 'auth' | 'headers'>

/**
 * Reads what an administrator wrote. A secret that is left out of a replacement stays as it was, because nobody can read it to
 * send it again.
 *
 * @throws ApiFault E0000001 that names the member
 */
export function parseEventHook(body: JsonObject, previous?: EventHook): Settings {
  const name = requireText(body, 'name')
  const events = requireObject(body, 'events')
  if (events['type'] !== 'EVENT_TYPE') throw invalid('events.type', 'Must be EVENT_TYPE')
  const types = texts(events['items'])
  if (types.length === 0) throw invalid('events.items', 'The field cannot be left blank')
  const channel = requireObject(body, 'channel')
  if (channel['type'] !== 'HTTP') throw invalid('channel.type', 'Must be HTTP')
  requireText(channel, 'version', 'channel.version')
  const config = requireObject(channel, 'config', 'channel.config')
  const uri = requireText(config, 'uri', 'channel.config.uri')
  if (!URL.canParse(uri) || uri.length > maxUriLength)
    throw invalid('channel.config.uri', `Must be a URL of at most ${maxUriLength} characters`)
  const headers = Array.isArray(config['headers']) ? config['headers'].filter(isJsonObject) : []
  const auth = parseAuth(config, previous)
  return {
    name,
    description: typeof body['description'] === 'string' ? body['description'] : null,
    types,
    uri,
    ...(auth === undefined ? {} : { auth }),
    headers: Object.fromEntries(headers.map(({ key, value }) => [String(key), String(value)])),
  }
}

function parseAuth({ authScheme }: JsonObject, previous: EventHook | undefined): EventHook['auth'] {
  if (!isJsonObject(authScheme)) return previous?.auth
  const kept = previous?.auth === undefined ? {} : { key: previous.auth.header, value: previous.auth.secret }
  const scheme = { key: 'Authorization', ...kept, ...authScheme }
  const at = 'channel.config.authScheme'
  return {
    header: requireText(scheme, 'key', `${at}.key`),
    secret: requireText(scheme, 'value', `${at}.value`),
  }
}

/** Returns an event hook as Okta answers it: without its secret, which is never shown again. */
export function eventHookDocument(hook: EventHook, url: string): JsonObject {
  const { id, status, verificationStatus, name, description, types, uri, auth, headers } = hook
  const self = `${url}${eventHooksPath}/${id}`
  return {
    id,
    status,
    verificationStatus,
    name,
    description,
    created: hook.created,
    createdBy: '00uSandbox0000000001',
    lastUpdated: hook.lastUpdated,
    events: { type: 'EVENT_TYPE', items: [...types], filter: null },
    channel: {
      type: 'HTTP',
      version: '1.0.0',
      config: {
        uri,
        headers: Object.entries(headers).map(([key, value]) => ({ key, value })),
        method: 'POST',
        authScheme: auth === undefined ? null : { type: 'HEADER', key: auth.header },
      },
    },
    _links: {
      self: link(self),
      verify: link(`${self}/lifecycle/verify`, 'POST'),
      ...lifecycleLink(self, status),
    },
  }
}
