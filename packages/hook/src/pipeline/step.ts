import type { Clock, Result } from '@behalf/core'
import { fail, type JwtVerifier, type Revocations } from '@behalf/core/internal'
import type { ResolvedConfig } from '../config/resolved-config.ts'
import type { StepDenial } from '../errors/step-denial.ts'
import type { Introspections } from '../introspection/introspections.ts'
import type { Deadline } from '../okta/deadline.ts'
import type { Seals } from '../sealing/sealing.ts'
import type { CallerSecrets } from '../secrets/caller-secrets.ts'
import type { BodySpace } from './body-space.ts'
import type { UserProof } from './prove-user.ts'

/** What every step may use besides what the step before it produced. */
export interface StepContext {
  readonly config: ResolvedConfig
  readonly clock: Clock
  readonly verifyAssertion: JwtVerifier
  /** What says whose a verified token is. */
  readonly userProof: UserProof
  /** The secrets that Okta may call with; absent when a bearer token authenticates it. */
  readonly callerSecrets?: CallerSecrets | undefined
  /** Verifies the bearer token of Okta's call; absent when a header secret authenticates it. */
  readonly verifyCaller?: JwtVerifier | undefined
  /** Opens sealed assertions; absent where sealing is not configured. */
  readonly seals?: Seals | undefined
  /** What knows of users that were cut off; absent where that is not configured. */
  readonly revocations?: Revocations | undefined
  /** What asks issuers about their tokens, by issuer. */
  readonly introspections: Introspections
  readonly deadline: Deadline
  /** Where the body is kept while the request is under way. */
  readonly space: BodySpace
}

/**
 * How a step ends: it continues with what the next one needs (`pass`), denies (`deny`, or `fail` with a whole
 * {@link StepDenial}), or leaves the token unchanged.
 */
export type StepOutcome<Out> = Result<Out, StepDenial | 'unchanged'>

/** Leaves the token unchanged, because the operator configured so. */
export const leaveUnchanged: Result<never, 'unchanged'> = fail('unchanged')

/** One step of the pipeline. It returns or denies; it does not throw because of its input. */
export type Step<In, Out> = (input: In, context: StepContext) => StepOutcome<Out> | Promise<StepOutcome<Out>>
