import { memoryRevocations } from '@behalf/core'
import { type BehalfConfig, createHook, type Hook } from '@behalf/hook'
import { eventHooks } from '@behalf/hook/events'
import { sealed } from '@behalf/hook/sealing'
import type { HookSetup } from '../setup.ts'
import { tellingPolicy } from '../telling-policy.ts'

/** Makes a hook and loads its keys first, so that no attack is denied for want of them. */
export async function startHook({ sealing, revocation, policy, ...setup }: HookSetup): Promise<Hook> {
  const hook = createHook({
    ...setup,
    sealing: sealing && sealed(sealing),
    revocation: revocation && revocationOf(revocation),
    policy: policy && tellingPolicy(),
  })
  const faults = (await hook.load()).filter(({ ready }) => !ready)
  if (faults.length > 0) throw new Error(`no keys: ${faults.map(({ fault }) => fault).join(', ')}`)
  return hook
}

function revocationOf(events: NonNullable<HookSetup['revocation']>): BehalfConfig['revocation'] {
  return { store: memoryRevocations(), whenUnavailable: 'deny', events: eventHooks(events) }
}
