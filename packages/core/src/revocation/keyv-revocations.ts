import { assertOptions, type OptionRules, refuseOptions } from '../options/option-faults.ts'
import { aClock, anObjectWithMethods, aWholeNumber } from '../options/option-rules.ts'
import { type Clock, systemClock } from '../time/clock.ts'
import { inTime, late, waitFor } from '../time/in-time.ts'
import type { RevocationStore } from './revocation-store.ts'

/**
 * A store that several instances share, such as a `Keyv`. Give `Keyv` the option `throwOnErrors: true`: without it a
 * failing store looks like one that knows of no cut-off.
 */
export interface KeyedTexts {
  /** The text under this key, or a promise of it; `undefined` or `null` when there is none. */
  get(key: string): unknown
  /** Keeps a text for so many milliseconds. */
  set(key: string, value: string, ttlMs: number): unknown
}

/** How {@link keyvRevocations} keeps cut-offs. */
export interface KeyvRevocationsOptions {
  /**
   * How long a cut-off is kept, at least as long as any token of a user lives: 24 hours is Okta's longest. 60 to
   * 31 622 400. Default 2 678 400, which is 31 days.
   */
  readonly keepSeconds?: number
  /** What tells the time. Default the machine's. */
  readonly clock?: Clock
}

const aStore = anObjectWithMethods('a store', 'get', 'set')
const rules: OptionRules<keyof KeyvRevocationsOptions> = {
  keepSeconds: aWholeNumber(60, 31_622_400),
  clock: aClock,
}
/** How long what was begun before is waited for: on Workers it may have gone with the request that began it. */
const turnMs = 1_000
/** After that a store that hangs is one that failed. An event hook is told so while Okta still waits. */
const raiseMs = 2_000

/**
 * Makes a store of cut-offs of a `Keyv`, or of whatever else keeps texts by key for several instances. A text that it has not
 * written is a failure, and no absence.
 *
 * Moving a cut-off fails when it has taken two seconds. Within a process a cut-off never moves back, unless a write that had
 * begun to hang comes through after a later one. A `Keyv` cannot compare and set: of two instances that write about one user
 * within the same few milliseconds the later one to write may win, although its cut-off is the earlier one. A store of one's
 * own that can compare, as the example at {@link RevocationStore} does in Redis, has no such gap.
 *
 * @throws TypeError - when the store is none, or an option is unknown or unusable
 *
 * @example
 * ```ts
 * import { keyvRevocations } from '@behalf/core'
 * import KeyvRedis from '@keyv/redis'
 * import Keyv from 'keyv'
 *
 * const adapter = new KeyvRedis('redis://127.0.0.1:6379', { throwOnErrors: true })
 * export const store = keyvRevocations(new Keyv(adapter, { useKeyPrefix: false, throwOnErrors: true }))
 * ```
 */
export function keyvRevocations(store: KeyedTexts, options: KeyvRevocationsOptions = {}): RevocationStore {
  if (!aStore.holds(store)) refuseOptions('keyvRevocations', [`the store: expected ${aStore.expected}`])
  assertOptions('keyvRevocations', options, rules)
  const { keepSeconds = 2_678_400, clock = systemClock } = options
  const ttlMs = keepSeconds * 1_000
  const turns = new Map<string, Promise<void>>()
  const find = async (user: string): Promise<number | undefined> => readCutOff(await store.get(keyOf(user)))
  const write = async (user: string, cutOff: number, signal: AbortSignal): Promise<void> => {
    const present = await find(user)
    // What was given up must not come through later, when there may be a later cut-off.
    signal.throwIfAborted()
    if (present === undefined || present < cutOff) await store.set(keyOf(user), String(cutOff), ttlMs)
  }
  const takeTurn = async (before: Promise<void> | undefined, user: string, cutOff: number): Promise<void> => {
    const raised = await inTime(
      async (signal) => {
        if (before !== undefined) await waitFor(before, { clock, timeoutMs: turnMs })
        await write(user, cutOff, signal)
      },
      { clock, timeoutMs: raiseMs },
    )
    if (raised === late) throw new DOMException('the store of cut-offs has taken too long', 'TimeoutError')
  }
  return {
    find,
    raise(user, cutOff) {
      const turn = takeTurn(
        turns.get(user)?.catch(() => undefined),
        user,
        cutOff,
      )
      turns.set(user, turn)
      return turn.finally(() => {
        if (turns.get(user) === turn) turns.delete(user)
      })
    },
  }
}

function keyOf(user: string): string {
  return `behalf:revoked:${user}`
}

function readCutOff(text: unknown): number | undefined {
  if (text === undefined || text === null) return undefined
  const cutOff = typeof text === 'string' && text.trim() !== '' ? Number(text) : Number.NaN
  if (Number.isFinite(cutOff)) return cutOff
  throw new TypeError('there is something else than a cut-off in the store')
}
