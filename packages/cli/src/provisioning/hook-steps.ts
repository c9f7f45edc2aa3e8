import { randomBytes } from 'node:crypto'
import type { JsonObject } from '@behalf/core'
import type { ManagementApi } from '../okta/management-api.ts'
import { textAt, withMember } from '../okta/members.ts'
import { CommandError, UsageError } from '../terminal/command.ts'
import { printable } from '../terminal/printable.ts'
import type { PlannedHookKey } from './hook-key-steps.ts'
import { bearsMark, headersOf, makerOfHook, markHeader, markHeaderOf } from './mark.ts'
import type { Made, Step } from './plan.ts'
import type { HookAuthentication, WantedState } from './wanted.ts'

/** Where inline hooks are. */
export const hooksPath = '/api/v1/inlineHooks'
/** The type of token inline hooks. */
export const hookType = 'com.okta.oauth2.tokens.transform'

const headersPath = ['config', 'headers'] as const

/** Returns every token inline hook of the org. */
export function listHooks(api: ManagementApi): Promise<readonly JsonObject[]> {
  return api.list(`${hooksPath}?type=${hookType}`)
}

/** Returns the hook of a name; undefined when there is none. */
export function hookNamed(hooks: readonly JsonObject[], name: string): JsonObject | undefined {
  const [found, ...others] = hooks.filter((hook) => hook['name'] === name)
  if (others.length > 0)
    throw new CommandError(
      `the org has several inline hooks named '${name}'; choose another name with --hook-name`,
    )
  return found
}

/** Refuses a hook of the name that this installation has not made, unless it is to take it over. */
export function requireOwnHook(present: JsonObject | undefined, name: string, adopt: boolean): void {
  if (present === undefined || adopt || bearsMark(present, name)) return
  throw new CommandError(
    `the org has an inline hook '${printable(name)}' (${printable(textAt(present, 'id'))}) that this installation has not made: ${printable(makerOfHook(present))}. Nothing was changed; choose another name with --hook-name, or take it over with --adopt`,
  )
}

/** Creates the hook, or brings it to the wanted URL, authentication and status. */
export function planHook(
  present: JsonObject | undefined,
  wanted: WantedState['hook'],
  key: PlannedHookKey,
): Step[] {
  const { name, uri, authentication } = wanted
  if (present === undefined) {
    const apply: Step['apply'] = async (api, made) => {
      const channel = withMember(channelOf(wanted, key, made), headersPath, [markHeaderOf(name)])
      const document = { name, type: hookType, version: '1.0.0', channel }
      made.hookId = textAt(await api.post(hooksPath, document), 'id')
    }
    const details = [`calls ${uri}`, `authenticates with ${describeAuthentication(authentication)}`]
    return [{ change: { action: 'create', kind: 'inline hook', name, details }, apply }]
  }
  const path = `${hooksPath}/${textAt(present, 'id')}`
  const differences = listDifferences(present, wanted, key)
  const inactive = present['status'] !== 'ACTIVE'
  const details = [...differences, ...(inactive ? ['status: INACTIVE → ACTIVE'] : [])]
  if (details.length === 0) return [{ change: { action: 'keep', kind: 'inline hook', name, details } }]
  if (differences.length > 0 && !wanted.replaceSecret) requireSecret(authentication)
  const apply: Step['apply'] = async (api, made) => {
    if (differences.length > 0)
      await api.put(path, replacementFor(await api.get(path), name, channelOf(wanted, key, made)))
    if (inactive) await api.post(`${path}/lifecycle/activate`)
  }
  return [{ change: { action: 'update', kind: 'inline hook', name, details }, apply }]
}

/** Deactivates and deletes the hook if this installation has made it; nothing may call it any more by then. */
export function planHookRemoval(present: JsonObject | undefined, installation: string): Step[] {
  if (present === undefined) return []
  const path = `${hooksPath}/${textAt(present, 'id')}`
  const change = { kind: 'inline hook', name: textAt(present, 'name') } as const
  if (!bearsMark(present, installation))
    return [{ change: { ...change, action: 'keep', details: [makerOfHook(present)] } }]
  const apply: Step['apply'] = async (api) => {
    if (present['status'] === 'ACTIVE') await api.post(`${path}/lifecycle/deactivate`)
    await api.delete(path)
  }
  return [{ change: { ...change, action: 'delete', details: [] }, apply }]
}

/** Everything but the channel stays as it is, and the channel keeps the members that nobody asked about. */
function replacementFor(current: JsonObject, installation: string, channel: JsonObject): JsonObject {
  const { _links, ...document } = current
  const sameChannel = textAt(current, 'channel', 'type') === channel['type']
  const config = { ...(sameChannel ? Object(current['channel']).config : {}), ...Object(channel['config']) }
  const others = headersOf(current).filter(
    (header) => textAt(header, 'key').toLowerCase() !== markHeader.toLowerCase(),
  )
  return withMember(
    withMember({ ...document, channel }, ['channel', 'config'], config),
    ['channel', ...headersPath],
    [...others, markHeaderOf(installation)],
  )
}

function channelOf(
  { uri, authentication }: WantedState['hook'],
  key: PlannedHookKey,
  made: Made,
): JsonObject {
  const common = { uri, method: 'POST' }
  switch (authentication.kind) {
    case 'header': {
      const { header, secret = newSecret(made) } = authentication
      const authScheme = { type: 'HEADER', key: header, value: secret }
      return { type: 'HTTP', version: '1.0.0', config: { ...common, authScheme } }
    }
    case 'client_secret_post': {
      const { kind: authType, clientId, clientSecret = '', tokenUrl, scope } = authentication
      return {
        type: 'OAUTH',
        version: '1.0.0',
        config: { ...common, authType, clientId, clientSecret, tokenUrl, scope },
      }
    }
    case 'private_key_jwt': {
      const { kind: authType, clientId, tokenUrl, scope } = authentication
      const hookKeyId = key.id ?? made.hookKeyId ?? ''
      return {
        type: 'OAUTH',
        version: '1.0.0',
        config: { ...common, authType, clientId, hookKeyId, tokenUrl, scope },
      }
    }
  }
}

function newSecret(made: Made): string {
  made.hookSecret = randomBytes(32).toString('base64url')
  return made.hookSecret
}

/** Okta never shows a secret again, and wants it with every change of a hook. */
function requireSecret(authentication: HookAuthentication): void {
  if (authentication.kind === 'header' && authentication.secret === undefined)
    throw new UsageError(
      'the hook exists and would be changed; set HOOK_SECRET, which Okta wants with every change',
    )
}

function listDifferences(
  present: JsonObject,
  { name: installation, uri, authentication, replaceSecret }: WantedState['hook'],
  key: PlannedHookKey,
): string[] {
  const config = (...path: string[]): string => textAt(present, 'channel', 'config', ...path)
  const isHeader = authentication.kind === 'header'
  const pairs: [string, string, string][] = [
    ['uri', config('uri'), uri],
    ['authentication', isHttp(present) ? 'header' : config('authType'), authentication.kind],
    ...(isHeader
      ? ([['header', config('authScheme', 'key'), authentication.header]] satisfies [
          string,
          string,
          string,
        ][])
      : ([
          ['client id', config('clientId'), authentication.clientId],
          ['token URL', config('tokenUrl'), authentication.tokenUrl],
          ['scope', config('scope'), authentication.scope],
        ] satisfies [string, string, string][])),
    ...(authentication.kind === 'private_key_jwt'
      ? ([['hook key', config('hookKeyId'), key.id ?? 'a new one']] satisfies [string, string, string][])
      : []),
  ]
  const different = pairs
    .filter(([, current, wanted]) => current !== wanted)
    .map(([name, current, wanted]) => `${name}: ${current === '' ? 'none' : current} → ${wanted}`)
  return [
    ...different,
    ...(replaceSecret ? ['secret: replaced'] : []),
    ...(bearsMark(present, installation) ? [] : [`taken over, although ${makerOfHook(present)}`]),
  ]
}

function isHttp(hook: JsonObject): boolean {
  return textAt(hook, 'channel', 'type') === 'HTTP'
}

function describeAuthentication(authentication: HookAuthentication): string {
  switch (authentication.kind) {
    case 'header':
      return `${authentication.secret === undefined ? 'a new secret' : 'the given secret'} in the header ${authentication.header}`
    default:
      return `OAuth, ${authentication.kind}, as ${authentication.clientId}`
  }
}
