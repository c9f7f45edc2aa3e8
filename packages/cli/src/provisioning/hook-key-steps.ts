import type { JsonObject } from '@behalf/core'
import { isJsonObject } from '@behalf/core/internal'
import { hookKeysPath, publicKeyPath, usableJwk } from '../okta/hook-keys.ts'
import type { ManagementApi } from '../okta/management-api.ts'
import { memberAt, textAt } from '../okta/members.ts'
import { hookKeyName } from './mark.ts'
import type { Step } from './plan.ts'
import type { WantedState } from './wanted.ts'

/** What a key step found out for the step of the hook. */
export interface PlannedHookKey {
  readonly steps: readonly Step[]
  /** Absent while the key has yet to be made. */
  readonly id?: string
}

/** Creates the key with which Okta authenticates to the owner of an OAuth-secured hook, unless it is there. */
export async function planHookKey(
  api: ManagementApi,
  { name, authentication }: WantedState['hook'],
): Promise<PlannedHookKey> {
  if (authentication.kind !== 'private_key_jwt') return { steps: [] }
  const keyName = hookKeyName(name)
  const present = (await api.list(hookKeysPath)).find((key) => key['name'] === keyName)
  const change = { kind: 'hook key', name: keyName } as const
  if (present !== undefined) {
    const publicKey = usableJwk((await api.find(publicKeyPath(present))) ?? {})
    const details = publicKey === undefined ? [] : [`public key ${JSON.stringify(publicKey)}`]
    return { steps: [{ change: { ...change, action: 'keep', details } }], id: textAt(present, 'id') }
  }
  const create: Step = {
    change: { ...change, action: 'create', details: [] },
    apply: async (_, made) => {
      const created = await api.post(hookKeysPath, { name: keyName })
      made.hookKeyId = textAt(created, 'id')
      const shown = memberAt(created, '_embedded')
      const publicKey = isJsonObject(shown) ? usableJwk(shown) : undefined
      if (publicKey !== undefined) made.hookPublicKey = publicKey
    },
  }
  return { steps: [create] }
}

/** Deletes the key of a hook, after the hook, unless another hook uses it. */
export async function planHookKeyRemoval(
  api: ManagementApi,
  installation: string,
  otherHooks: readonly JsonObject[],
): Promise<Step[]> {
  const ours = hookKeyName(installation)
  const alike = [ours, `${installation} key`]
  const keys = (await api.list(hookKeysPath)).filter((key) => alike.includes(textAt(key, 'name')))
  return keys.map((key) => {
    const [id, name] = [textAt(key, 'id'), textAt(key, 'name')]
    const change = { kind: 'hook key', name } as const
    const user = otherHooks.find((hook) => textAt(hook, 'channel', 'config', 'hookKeyId') === id)
    if (name !== ours)
      return { change: { ...change, action: 'keep', details: ['somebody else has made it'] } }
    if (user !== undefined)
      return {
        change: { ...change, action: 'keep', details: [`the inline hook '${textAt(user, 'name')}' uses it`] },
      }
    return {
      change: { ...change, action: 'delete', details: [] },
      apply: () => api.delete(`${hookKeysPath}/${encodeURIComponent(id)}`),
    }
  })
}
