/**
 * Remembers from when on tokens of a user count again: one cut-off for each user, which only moves later. Hook, verifiers
 * and whoever is told by Okta share it; {@link memoryRevocations} is for one process, {@link keyvRevocations} for several,
 * and a store of one's own needs no more than these two methods.
 *
 * @example
 * ```ts
 * import type { RevocationStore } from '@behalf/core'
 * import { createClient } from '@redis/client'
 *
 * const redis = await createClient().connect()
 * const keptSeconds = 31 * 86_400
 *
 * export const store: RevocationStore = {
 *   find: (user) => redis.zScore(`behalf:revoked:${user}`, 'cut-off'),
 *   async raise(user, cutOff) {
 *     const key = `behalf:revoked:${user}`
 *     // `GT` lets a cut-off move later only, whoever else writes at the same time.
 *     await redis
 *       .multi()
 *       .zAdd(key, { score: cutOff, value: 'cut-off' }, { comparison: 'GT' })
 *       .expire(key, keptSeconds)
 *       .exec()
 *   },
 * }
 * ```
 */
export interface RevocationStore {
  /** Set when nobody beyond this process sees it, so that no other process tries to move a cut-off in it. Default: it is shared. */
  readonly isLocal?: true
  /**
   * Returns a user's cut-off in seconds since the epoch; nothing when there is none. The tokens that were issued until
   * then are refused.
   *
   * @param user - a digest, which tells nothing of the user: 43 letters, digits, `-` and `_`
   * @throws whatever it likes when that cannot be known
   */
  find(user: string): number | null | undefined | Promise<number | null | undefined>
  /**
   * Moves a user's cut-off to a moment, unless it is there or later already. It has to be remembered for as long as tokens
   * from before may live.
   *
   * @param cutOff - in seconds since the epoch, with fractions
   * @throws whatever it likes when that could not be noted
   */
  raise(user: string, cutOff: number): unknown
}
