import type { RevocationStore } from '@behalf/core'
import { aRevocationStore, dialects } from '@behalf/core/internal'
import * as v from 'valibot'
import type { ConfigFault } from '../errors/config-error.ts'
import { closedObject } from '../errors/schema-faults.ts'
import { type EventHooks, isEventHooks } from '../events/event-hooks.ts'
import type { ResolvedIssuer } from './issuers.ts'
import type { SectionSchema } from './section.ts'
import type { Settled } from './settled.ts'
import { wholeNumberOr } from './values.ts'

/** Says where the cut-offs of users are that must not be acted for any more. */
export interface RevocationConfig {
  /** Where they are: `memoryRevocations()`, `keyvRevocations()`, or a store of one's own: docs/revocation.md. */
  readonly store: RevocationStore
  /**
   * What becomes of an exchange while the store cannot be asked: `'deny'`, with `revocation_unavailable`, or `'permit'`, which
   * lets users through who were cut off. Nobody else can choose.
   */
  readonly whenUnavailable: 'deny' | 'permit'
  /** How long the store may take. 1 to 2 000. Default 200. */
  readonly timeoutMs?: number | undefined
  /** Is told, without values, each time the store could not be asked. Default nobody is. */
  readonly onUnavailable?: ((detail: string) => void) | undefined
  /**
   * What takes in Okta's events: `eventHooks()` of `@behalf/hook/events`: docs/revocation.md. Default nothing does, and
   * somebody else moves the cut-offs of the store.
   */
  readonly events?: EventHooks | undefined
}

export type ResolvedRevocation = Settled<RevocationConfig, 'events' | 'onUnavailable'>

export const revocation: SectionSchema<RevocationConfig, ResolvedRevocation> = closedObject({
  store: v.custom<RevocationStore>(
    aRevocationStore.holds,
    'must be an object with the methods find and raise',
  ),
  // Without a default, which would be a choice that nobody has made.
  whenUnavailable: v.picklist(['deny', 'permit'], "must be 'deny' or 'permit'"),
  timeoutMs: wholeNumberOr(200, 1, 2_000),
  onUnavailable: v.optional(
    v.custom<(detail: string) => void>((value) => typeof value === 'function', 'must be a function'),
  ),
  events: v.optional(v.custom<EventHooks>(isEventHooks, 'must be eventHooks() of @behalf/hook/events')),
})

interface Parts {
  readonly revocation?: { readonly events?: EventHooks | undefined } | undefined
  readonly issuers: readonly Pick<ResolvedIssuer, 'tokens' | 'org' | 'dialect'>[]
}

/**
 * Finds issuers whose users no cut-off would be found for: whose people they are has to be stated, in the same words wherever
 * the store is asked.
 */
export function findUnstatedOrgs({ revocation: section, issuers }: Parts): readonly ConfigFault[] {
  if (section === undefined) return []
  const unstated = issuers.flatMap(({ tokens, org }, index) =>
    tokens === 'delegated' || org !== undefined
      ? []
      : [
          {
            path: `issuers[${index}].org`,
            problem: 'is missing: beside revocation it says whose users the cut-offs are',
          },
        ],
  )
  const { events } = section
  // Okta's events name users by `uid`, and nobody else's are known by that.
  const isStray =
    events?.faults.length === 0 &&
    !issuers.some(({ org, dialect }) => org === events.org && dialect === dialects.okta)
  return [
    ...unstated,
    ...(isStray
      ? [
          {
            path: 'revocation.events.org',
            problem: "is the org of no issuer of Okta's, so that its events would cut off nobody",
          },
        ]
      : []),
  ]
}
