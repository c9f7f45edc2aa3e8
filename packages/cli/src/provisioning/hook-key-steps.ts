import { isJsonObject } from '@behalf/core/internal'
import type { ManagementApi } from '../okta/management-api.ts'
import { memberAt, textAt } from '../okta/members.ts'
import type { Step } from './plan.ts'
import { hookKeyName, type WantedState } from './wanted.ts'

const hookKeysPath = '/api/v1/hook-keys'

/** What a key step found out for the step of the hook. */
export interface PlannedHookKey {
  readonly steps: readonly Step[]
  /** Absent while the key has yet to be made. */
  readonly id?: string
}

/** The key with which Okta authenticates to the owner of an OAuth-secured hook is created unless it is there. */
export async function planHookKey(
  api: ManagementApi,
  { name, authentication }: WantedState['hook'],
): Promise<PlannedHookKey> {
  if (authentication.kind !== 'private_key_jwt') return { steps: [] }
  const keyName = hookKeyName(name)
  const present = (await api.list(hookKeysPath)).find((key) => key['name'] === keyName)
  const change = { kind: 'hook key', name: keyName, details: [] } as const
  if (present !== undefined)
    return { steps: [{ change: { ...change, action: 'keep' } }], id: textAt(present, 'id') }
  const create: Step = {
    change: { ...change, action: 'create' },
    apply: async (_, made) => {
      const created = await api.post(hookKeysPath, { name: keyName })
      made.hookKeyId = textAt(created, 'id')
      const publicKey = memberAt(created, '_embedded')
      if (isJsonObject(publicKey)) made.hookPublicKey = publicKey
    },
  }
  return { steps: [create] }
}

/** The key of a hook is deleted; it is called after the hook. */
export async function planHookKeyRemoval(api: ManagementApi, hookName: string): Promise<Step[]> {
  const name = hookKeyName(hookName)
  const keys = await api.list(hookKeysPath)
  return keys
    .filter((key) => key['name'] === name)
    .map((key) => ({
      change: { action: 'delete', kind: 'hook key', name, details: [] },
      apply: () => api.delete(`${hookKeysPath}/${textAt(key, 'id')}`),
    }))
}
