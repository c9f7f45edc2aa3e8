import type { Dated } from './dated.ts'
import type { SigningKey } from './signing-key.ts'

/** A key with which the org authenticates at the token endpoints of hooks' owners. */
export interface HookKey extends Dated {
  readonly id: string
  readonly name: string
  readonly key: SigningKey
}
