import { pass } from '@behalf/core/internal'
import { andThen } from './and-then.ts'
import type { Chained } from './exchange.ts'
import type { Step } from './step.ts'

/**
 * Step 10: the user was not cut off since the first token of the chain was issued, whichever hop this is. It comes after all
 * that is known here, so that nothing but what may be exchanged asks a store.
 */
export const refuseRevoked: Step<Chained, Chained> = (chained, { revocations, deadline }) => {
  const { org, stableClaims, claims } = chained.assertion
  if (revocations === undefined || org === undefined)
    throw new TypeError('there is no store to ask, or nobody said whose user it is')
  return andThen(revocations.judge({ org, stableClaims, claims }, deadline), (judged) =>
    judged.ok ? pass(judged.value === 'current' ? chained : { ...chained, standing: judged.value }) : judged,
  )
}
