import { createHook, type Hook } from '@behalf/hook'
import { sealed } from '@behalf/hook/sealing'
import type { HookSetup } from '../setup.ts'

/** Makes a hook and loads its keys first, so that no attack is denied for want of them. */
export async function startHook({ sealing, ...setup }: HookSetup): Promise<Hook> {
  const hook = createHook({ ...setup, sealing: sealing && sealed(sealing) })
  const faults = (await hook.load()).filter(({ ready }) => !ready)
  if (faults.length > 0) throw new Error(`no keys: ${faults.map(({ fault }) => fault).join(', ')}`)
  return hook
}
