import type { BehalfConfig } from '@behalf/hook'
import { sealed } from '@behalf/hook/sealing'

/** Makes a configuration of JSON, in which sealing is told by its options. */
export function configOf(setup: string): BehalfConfig {
  const { sealing, ...config } = JSON.parse(setup)
  return sealing === undefined ? config : { ...config, sealing: sealed(sealing) }
}
