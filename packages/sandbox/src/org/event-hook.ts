import type { Dated } from './dated.ts'

/** An event hook, as registered with the org. */
export interface EventHook extends Dated {
  readonly id: string
  readonly name: string
  readonly description: string | null
  /** Only what is active and verified is told of events. */
  readonly status: 'ACTIVE' | 'INACTIVE'
  /** Whether its owner has proven to be the one who asked for it, since its URL was last changed. */
  readonly verificationStatus: 'UNVERIFIED' | 'VERIFIED'
  /** The types of events that it is told of. */
  readonly types: readonly string[]
  readonly uri: string
  /** A fixed secret in a header: its value is sent verbatim. */
  readonly auth?: { readonly header: string; readonly secret: string }
  /** Static headers of every call. */
  readonly headers: Readonly<Record<string, string>>
}
