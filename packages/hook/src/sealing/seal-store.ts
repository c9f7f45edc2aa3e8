/**
 * Remembers which seals were used, for several instances of a hook: where each remembers its own, a seal can be used once
 * at each of them.
 *
 * @example
 * ```ts
 * import { type SealStore, sealed } from '@behalf/hook/sealing'
 *
 * declare const redis: {
 *   set(key: string, value: string, options: { NX: true; EXAT: number }): Promise<string | null>
 * }
 * const store: SealStore = {
 *   claim: async (clientId, jti, expiresAt) =>
 *     (await redis.set(`seal:${JSON.stringify([clientId, jti])}`, '1', { NX: true, EXAT: expiresAt })) === 'OK',
 * }
 * const sealing = sealed({ keys: process.env['SEALING_KEYS'], store })
 * ```
 */
export interface SealStore {
  /**
   * Takes note of a seal, atomically. It has 200 ms; when it is late, throws or answers anything but a boolean, the
   * exchange is denied with `seal_store_unavailable`.
   *
   * @param clientId - the client that has authenticated
   * @param jti - what the client gave to this seal; other clients may give the same
   * @param expiresAt - until when it has to be remembered, in seconds since the epoch, with room for a clock of its own
   * @returns whether it was not there yet
   */
  claim(clientId: string, jti: string, expiresAt: number): boolean | Promise<boolean>
}
