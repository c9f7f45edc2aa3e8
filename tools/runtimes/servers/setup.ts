import { memoryRevocations } from '@behalf/core'
import type { BehalfConfig } from '@behalf/hook'
import { eventHooks } from '@behalf/hook/events'
import { sealed } from '@behalf/hook/sealing'

/** Makes a configuration of JSON, in which sealing and events are told by their options. */
export function configOf(setup: string): BehalfConfig {
  const { sealing, revocation, ...config } = JSON.parse(setup)
  return {
    ...config,
    ...(sealing === undefined ? {} : { sealing: sealed(sealing) }),
    ...(revocation === undefined
      ? {}
      : {
          revocation: {
            store: memoryRevocations(),
            whenUnavailable: 'deny',
            events: eventHooks(revocation),
          },
        }),
  }
}
