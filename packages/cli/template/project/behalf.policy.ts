import type { PolicyFunction } from '@behalf/hook'

/**
 * Whether a client may act for a user. It is asked last, about what has been verified already. An exception or
 * an answer that comes too late is a denial.
 */
export const policy: PolicyFunction = ({ actors }) => {
  // API A may act for a user, and API B after it; no chain is longer.
  if (actors.length > 2) return { decision: 'forbid', reason: 'too many services act in a row' }
  return { decision: 'permit' }
}
