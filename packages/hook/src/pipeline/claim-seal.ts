import { fail, pass } from '@behalf/core/internal'
import { andThen } from './and-then.ts'
import type { Permitted } from './exchange.ts'
import type { Step } from './step.ts'

/**
 * Step 13: this is the first use of the seal. It comes when all else is decided, so that nothing but what is permitted
 * takes room in the memory of used seals.
 */
export const claimSeal: Step<Permitted, Permitted> = (permitted, { seals, deadline }) => {
  const { seal, clientId } = permitted
  if (seal === undefined) return pass(permitted)
  if (seals === undefined) throw new TypeError('there is nothing that a seal was opened with')
  return andThen(seals.claim(clientId, seal, deadline), (denial) =>
    denial === undefined ? pass(permitted) : fail(denial),
  )
}
