import { memoryRevocations } from '@behalf/core'
import type { BehalfConfig } from '@behalf/hook'
import { eventHooks } from '@behalf/hook/events'
import { sealed } from '@behalf/hook/sealing'
import { tellingPolicy } from '@behalf/testing/telling-policy'

/** Makes a configuration of JSON, in which sealing and events are told by their options, and a policy by its name. */
export function configOf(setup: string): BehalfConfig {
  const { sealing, revocation, policy, ...config } = JSON.parse(setup)
  return {
    ...config,
    ...(policy === undefined ? {} : { policy: tellingPolicy() }),
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
