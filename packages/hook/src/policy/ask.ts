import type { Clock } from '@behalf/core'
import { type PolicyDecision, type PolicyFunction, readPolicyDecision } from './decision.ts'
import type { Delegation } from './delegation.ts'
import { PolicyUnavailable } from './policy-unavailable.ts'

/** How long a policy may take, and until when its answer is of use. */
export interface AskOptions {
  readonly timeoutMs: number
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** A decision, or why there is none. */
export type PolicyAnswer = PolicyDecision | { readonly decision: 'none'; readonly detail: string }

/**
 * Asks a policy. It is the operator's code, or somebody else's: it can throw, reject, hang, or answer
 * anything, and none of that leaves this function. It never throws.
 */
export function askPolicy(
  policy: PolicyFunction,
  delegation: Delegation,
  { timeoutMs, clock, signal }: AskOptions,
): Promise<PolicyAnswer> {
  return new Promise((resolve) => {
    const waiting = new AbortController()
    const giveUp = (): void => {
      settle({ decision: 'none', detail: 'the policy did not answer in time' })
      waiting.abort()
    }
    const cancel = clock.schedule(giveUp, timeoutMs)
    const settle = (answer: PolicyAnswer): void => {
      cancel()
      signal.removeEventListener('abort', giveUp)
      resolve(answer)
    }
    signal.addEventListener('abort', giveUp)
    if (signal.aborted) return giveUp()
    const fail = (error: unknown): void =>
      settle({
        decision: 'none',
        detail: error instanceof PolicyUnavailable ? error.message : 'the policy failed',
      })
    try {
      Promise.resolve(policy(delegation, waiting.signal))
        .then((answer) => {
          const neither = {
            decision: 'none',
            detail: 'the policy answered neither permit nor forbid',
          } as const
          settle(readPolicyDecision(answer) ?? neither)
        }, fail)
        .catch(fail)
    } catch (error) {
      fail(error)
    }
  })
}
