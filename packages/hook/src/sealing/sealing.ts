import type { Clock, Denial, JsonObject, Result } from '@behalf/core'
import type { ConfigFault } from '../errors/config-error.ts'
import type { SecretSource } from '../secrets/secret-source.ts'

/** What `sealed()` makes: how sealed assertions are opened, as far as it can be told without a hook. */
export interface Sealing {
  /** Everything that is wrong with it; the hook does not start with any. */
  readonly faults: readonly ConfigFault[]
  /** The same, with sources in place of texts that say where keys are, such as ARNs. */
  withSources(sourceOf: (text: string) => SecretSource | undefined): Sealing
  /** Opens seals for one hook, with a memory of its own. */
  start(surroundings: SealingSurroundings): Seals
}

/** What a hook has for its seals. */
export interface SealingSurroundings {
  readonly clock: Clock
  /** The longest assertion inside a seal. */
  readonly maxAssertionBytes: number
  /** How many seals may wait at once for a key that is not known. */
  readonly maxWaiting: number
}

/** What a sealed text must be for: the client that Okta has authenticated, and the server that was asked. */
export interface SealPurpose {
  readonly clientId: string
  readonly authorizationServer: string | undefined
}

/** A text in five parts whose header says that it is a seal. Nothing else of it was judged. */
export interface SealedText {
  readonly text: string
  readonly header: JsonObject
}

/** What was in a seal. */
export interface OpenedSeal {
  readonly assertion: string
  readonly resource: string | undefined
  /** What nobody but its client knows, and uses once. */
  readonly id: string
  /** When the seal is accepted for the last time, in seconds since the epoch. */
  readonly expiresAt: number
}

/** Opens the sealed assertions of one hook, and lets each be used once. */
export interface Seals {
  /** Whether bare assertions are denied. */
  readonly required: boolean
  open(
    text: SealedText,
    purpose: SealPurpose,
  ): Result<OpenedSeal, Denial> | Promise<Result<OpenedSeal, Denial>>
  /** Says why a seal must not be used, or undefined when this was the first use. @param deadline - ends the waiting for a store */
  claim(
    clientId: string,
    seal: OpenedSeal,
    deadline: { readonly signal: AbortSignal },
  ): Denial | undefined | Promise<Denial | undefined>
  /** Fetches the keys of sources that are not known yet or aging; returns why that failed. */
  load(): Promise<string | undefined>
  /** Why the last fetch of keys failed; undefined when it did not. */
  readonly fault: string | undefined
  /** Whether there is any key. */
  readonly ready: boolean
  /** The public halves of the keys as a JWK set in JSON, the one to seal for first; undefined while there is none. */
  publish(): Promise<string | undefined>
}

/** Says whether a setting is what `sealed()` makes; what is wrong with it is for its `faults` to say. */
export function isSealing(value: unknown): value is Sealing {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['withSources', 'start'].every((name) => typeof Reflect.get(value, name) === 'function') &&
    Array.isArray(Reflect.get(value, 'faults'))
  )
}
