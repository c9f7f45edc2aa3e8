import { ConfigError, isPolicy, type Policy } from '@behalf/hook'

/**
 * Takes what a file exports as its policy for one, before it is asked or checked.
 *
 * @throws ConfigError when it is none; what is wrong with a decision point is for its `faults` to say
 */
export function readablePolicy(policy: Policy | undefined): Policy | undefined {
  if (policy === undefined || isPolicy(policy)) return policy
  const problem = 'must be a function or a decision point, e.g. cedar() or authzen()'
  throw new ConfigError([{ path: 'policy', problem }])
}
