import type { Clock } from '@behalf/core'
import { inTime, late } from '@behalf/core/internal'

/**
 * Where the instances of an API remember proofs together, so that each is accepted once by all of them.
 *
 * @example
 * ```ts
 * import type { ReplayStore } from '@behalf/verify'
 * import { createClient } from '@redis/client'
 *
 * const redis = await createClient().connect()
 *
 * export const store: ReplayStore = {
 *   remember: async (id, ttlSeconds) =>
 *     (await redis.set(`dpop:${id}`, '1', { condition: 'NX', expiration: { type: 'EX', value: ttlSeconds } })) === 'OK',
 * }
 * ```
 *
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-11.1
 */
export interface ReplayStore {
  /**
   * Remembers an id for at least so long, in one step that no other instance can come between.
   *
   * @param id - 43 letters, digits, `-` and `_`; a digest, which tells nothing of the proof
   * @returns true when it was not there, false when it was
   * @throws whatever it likes when that cannot be known: the request is refused then
   */
  remember(id: string, ttlSeconds: number): boolean | Promise<boolean>
}

/** What a store said of a proof; `unknown` when it failed, took too long, or said something else. */
export type Remembered = 'new' | 'replayed' | 'unknown'

/** Asks a store. It is somebody else's code: whatever it does, nothing of that leaves this function. */
export async function rememberShared(
  store: ReplayStore,
  id: string,
  { ttlSeconds, timeoutMs, clock }: { ttlSeconds: number; timeoutMs: number; clock: Clock },
): Promise<Remembered> {
  try {
    const answer: unknown = await inTime(() => store.remember(id, ttlSeconds), { clock, timeoutMs })
    if (answer === late || typeof answer !== 'boolean') return 'unknown'
    return answer ? 'new' : 'replayed'
  } catch {
    return 'unknown'
  }
}
