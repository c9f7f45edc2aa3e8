import type { ConfigFault } from '../errors/config-error.ts'
import type { PolicyFunction } from './decision.ts'

/** One policy of a set, as far as it can be told without a request. */
export interface PolicyRule {
  readonly id: string
  readonly effect: 'permit' | 'forbid'
  /** File and line. */
  readonly place: string
  /** As it stands there. */
  readonly text?: string
  /** The clients that it names, directly or by their groups; undefined when it names none and so is about all. */
  readonly clients?: ReadonlySet<string> | undefined
}

/** What reading a decision point's files again has brought. */
export interface PolicyReload {
  /** What is wrong with the files; when there is anything, what is in force stays. */
  readonly faults: readonly ConfigFault[]
  /** Puts what was read into force, when nothing is wrong with it. */
  apply(): void
}

/** A policy that is more than a function: it can be checked at start, and read again when its files change. */
export interface DecisionPoint {
  readonly decide: PolicyFunction
  /** Everything that is wrong with it; the hook does not start with a faulty one. */
  readonly faults: readonly ConfigFault[]
  /** What is allowed but hardly meant, e.g. a policy that can never apply. */
  readonly warnings?: readonly ConfigFault[]
  /** The policies that it consists of, when they can be told. */
  readonly rules?: readonly PolicyRule[]
  /** The files and folders that it is read from, those inside of folders included. */
  readonly files?: readonly string[]
  /**
   * What in it is about users and groups that nobody can be, because no issuer is called so; the hook does not start
   * with any. With none given, only what holds whichever issuers are configured.
   */
  misfits?(issuers?: readonly string[]): readonly ConfigFault[]
  /** Reads its files again. @param issuers - those of the configuration, for its misfits */
  reload?(issuers?: readonly string[]): PolicyReload
  /** The same decision point with other files of policies. */
  readonly withPolicies?: (places: readonly string[]) => DecisionPoint
}

/** Whatever answers whether a client may act for a user. */
export type Policy = PolicyFunction | DecisionPoint

/** Says whether a setting is a policy; what is wrong with a decision point is for its `faults` to say. */
export function isPolicy(value: unknown): value is Policy {
  if (typeof value === 'function') return true
  return (
    typeof value === 'object' &&
    value !== null &&
    'decide' in value &&
    typeof value.decide === 'function' &&
    'faults' in value &&
    Array.isArray(value.faults)
  )
}

/** Returns a function as the decision point that it is, so that both are asked alike. */
export function asDecisionPoint(policy: Policy): DecisionPoint {
  return typeof policy === 'function' ? { decide: policy, faults: [] } : policy
}
