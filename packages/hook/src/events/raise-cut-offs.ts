import type { Clock } from '@behalf/core'
import { pause, unlessAborted } from '@behalf/core/internal'

/** What bounds the raising of cut-offs. */
export interface RaisingLimits {
  readonly clock: Clock
  /** Ends it: of whoever is left, nobody's is raised any more. */
  readonly signal: AbortSignal
}

/** How many a store is asked for at once. */
const lanes = 16
/** How many are raised before others have their turn: exchanges wait in the same process. */
const turnLength = 500

/**
 * Raises many users' cut-offs, some at a time, so that one call occupies neither the store nor the process. One that fails keeps
 * nobody else's from being raised.
 *
 * @param raise - raises one
 * @throws the first failure, once all the others were tried
 */
export async function raiseCutOffs(
  cutOffs: ReadonlyMap<string, number>,
  raise: (user: string, cutOff: number) => unknown,
  { clock, signal }: RaisingLimits,
): Promise<void> {
  const left = cutOffs.entries()
  const failures: unknown[] = []
  let begun = 0
  let turn: Promise<void> | undefined
  const raiseOnes = async (): Promise<void> => {
    for (const [user, cutOff] of left) {
      if (++begun % turnLength === 0) turn = pause(clock, 0)
      await turn
      if (signal.aborted) return
      try {
        await unlessAborted(Promise.resolve(raise(user, cutOff)), signal)
      } catch (error) {
        failures.push(error)
      }
    }
  }
  await Promise.all(Array.from({ length: lanes }, raiseOnes))
  if (failures.length > 0) throw failures[0]
}
