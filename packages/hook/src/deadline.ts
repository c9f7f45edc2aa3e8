import type { Clock } from '@behalf/core'
import type { Verdict } from './okta/answer.ts'

const tooLate: Verdict = { kind: 'deny', denial: { code: 'deadline_exceeded' } }

/**
 * Takes the verdict if it comes in time. When the time has passed the verdict is a denial, the signal is
 * aborted, and what is still pending is not waited for; when none is left, nothing is started.
 *
 * @param decide - must not reject
 */
export function withDeadline(
  deadlineAtMs: number,
  clock: Clock,
  decide: (signal: AbortSignal) => Promise<Verdict>,
): Promise<Verdict> {
  const remainingMs = deadlineAtMs - clock.now()
  if (remainingMs <= 0) return Promise.resolve(tooLate)
  return new Promise((resolve) => {
    const abort = new AbortController()
    const cancel = clock.schedule(() => {
      resolve(tooLate)
      abort.abort()
    }, remainingMs)
    void decide(abort.signal).then((verdict) => {
      cancel()
      // A process that was busy may get to see the verdict before it gets to see that time is up.
      resolve(clock.now() < deadlineAtMs ? verdict : tooLate)
    })
  })
}
