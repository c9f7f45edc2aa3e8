import type { JsonObject } from '@behalf/core'
import type { ManagementApi } from '../okta/management-api.ts'
import { memberAt, textAt, withMember } from '../okta/members.ts'
import { CommandError } from '../terminal/command.ts'
import { printable } from '../terminal/printable.ts'
import { bearsMark, headersOf, makerOfHook, markHeader, markHeaderOf } from './mark.ts'
import type { Change, Step } from './plan.ts'
import type { WantedEventHook } from './wanted.ts'

/** Where event hooks are. */
const path = '/api/v1/eventHooks'
/** What the credentials of a service app need for them. */
export const eventHookScope = 'okta.eventHooks.manage'

/**
 * Makes the event hook of an installation, or brings it to the wanted URL, secret and events; then has Okta verify it, for
 * which the hook must be running.
 *
 * @param api - may differ from that of other steps, because a service app needs a scope for event hooks alone
 * @param adopt - whether one of the name that somebody else has made is taken over
 */
export async function planEventHook(
  api: ManagementApi,
  installation: string,
  wanted: WantedEventHook,
  adopt: boolean,
): Promise<Step[]> {
  const present = eventHookNamed(await api.list(path), installation)
  if (present === undefined) {
    const apply = async (): Promise<void> => {
      const channel = channelOf(wanted, [markHeaderOf(installation)])
      const made = await api.post(path, { name: installation, events: eventsOf(wanted), channel })
      await verify(api, textAt(made, 'id'), wanted)
    }
    const details = [
      `calls ${wanted.uri}`,
      `authenticates with the given secret in the header ${wanted.header}`,
      ...wanted.types.map((type) => `tells of ${type}`),
    ]
    return [{ change: changeOf('create', installation, details), apply }]
  }
  if (!adopt && !bearsMark(present, installation))
    throw new CommandError(
      `the org has an event hook '${printable(installation)}' (${printable(textAt(present, 'id'))}) that this installation has not made: ${printable(makerOfHook(present))}. Nothing was changed; choose another name with --hook-name, or take it over with --adopt`,
    )
  const differences = listDifferences(present, installation, wanted)
  const details = [
    ...differences,
    ...(present['status'] === 'ACTIVE' ? [] : ['status: INACTIVE → ACTIVE']),
    ...(present['verificationStatus'] === 'VERIFIED' ? [] : ['is not verified']),
  ]
  if (details.length === 0) return [{ change: changeOf('keep', installation, []) }]
  const id = textAt(present, 'id')
  const apply = async (): Promise<void> => {
    if (differences.length > 0) await api.put(`${path}/${id}`, replacementFor(present, installation, wanted))
    if (present['status'] !== 'ACTIVE') await api.post(`${path}/${id}/lifecycle/activate`)
    await verify(api, id, wanted)
  }
  return [{ change: changeOf('update', installation, details), apply }]
}

/** Deactivates and deletes the event hook if this installation has made it. */
export async function planEventHookRemoval(api: ManagementApi, installation: string): Promise<Step[]> {
  const present = eventHookNamed(await api.list(path), installation)
  if (present === undefined) return []
  if (!bearsMark(present, installation))
    return [{ change: changeOf('keep', installation, [makerOfHook(present)]) }]
  const own = `${path}/${textAt(present, 'id')}`
  const apply = async (): Promise<void> => {
    if (present['status'] === 'ACTIVE') await api.post(`${own}/lifecycle/deactivate`)
    await api.delete(own)
  }
  return [{ change: changeOf('delete', installation, []), apply }]
}

function eventHookNamed(hooks: readonly JsonObject[], name: string): JsonObject | undefined {
  const [found, ...others] = hooks.filter((hook) => hook['name'] === name)
  if (others.length > 0)
    throw new CommandError(
      `the org has several event hooks named '${name}'; choose another name with --hook-name`,
    )
  return found
}

/** Okta tells an unverified hook of nothing. */
async function verify(api: ManagementApi, id: string, { uri }: WantedEventHook): Promise<void> {
  const { status } = await api.ask('POST', `${path}/${id}/lifecycle/verify`)
  if (status >= 300)
    throw new CommandError(
      `the event hook is there, and Okta could not verify ${uri} (${status}): start the hook with revocation.events and the secret that EVENT_HOOK_SECRET has, reachable for Okta, and run this again`,
    )
}

function listDifferences(present: JsonObject, installation: string, wanted: WantedEventHook): string[] {
  const config = (...members: string[]): string => textAt(present, 'channel', 'config', ...members)
  const items = memberAt(present, 'events', 'items')
  const types = Array.isArray(items) ? items.map(String).toSorted() : []
  const pairs: [string, string, string][] = [
    ['uri', config('uri'), wanted.uri],
    ['header', config('authScheme', 'key'), wanted.header],
    ['events', types.join(' '), [...wanted.types].sort().join(' ')],
  ]
  return [
    ...pairs
      .filter(([, current, asked]) => current !== asked)
      .map(([name, current, asked]) => `${name}: ${current === '' ? 'none' : current} → ${asked}`),
    ...(wanted.replaceSecret ? ['secret: replaced'] : []),
    ...(bearsMark(present, installation) ? [] : [`taken over, although ${makerOfHook(present)}`]),
  ]
}

/** Members that nobody asked about stay as they are. */
function replacementFor(present: JsonObject, installation: string, wanted: WantedEventHook): JsonObject {
  const { _links, ...document } = present
  const others = headersOf(present).filter(
    (header) => textAt(header, 'key').toLowerCase() !== markHeader.toLowerCase(),
  )
  const channel = channelOf(wanted, [...others, markHeaderOf(installation)])
  return { ...withMember(document, ['events', 'items'], [...wanted.types]), channel }
}

function channelOf({ uri, header, secret }: WantedEventHook, headers: readonly JsonObject[]): JsonObject {
  const authScheme = { type: 'HEADER', key: header, value: secret }
  return {
    type: 'HTTP',
    version: '1.0.0',
    config: { uri, headers: [...headers], method: 'POST', authScheme },
  }
}

function eventsOf({ types }: WantedEventHook): JsonObject {
  return { type: 'EVENT_TYPE', items: [...types] }
}

function changeOf(action: Change['action'], name: string, details: readonly string[]): Change {
  return { action, kind: 'event hook', name, details }
}
