import type { Clock, Denial, ErrorCode } from '@behalf/core'
import type { JwtVerifier } from '@behalf/core/internal'
import type { ResolvedConfig } from '../config/resolved-config.ts'
import type { Deadline } from '../decision/deadline.ts'
import type { CallerSecrets } from '../secrets/caller-secrets.ts'

/** What every step may use besides what the step before it produced. */
export interface StepContext {
  readonly config: ResolvedConfig
  readonly clock: Clock
  readonly verifyAssertion: JwtVerifier
  /** The secrets that Okta may call with; absent when a bearer token authenticates it. */
  readonly callerSecrets?: CallerSecrets | undefined
  /** Verifies the bearer token of Okta's call; absent when a header secret authenticates it. */
  readonly verifyCaller?: JwtVerifier | undefined
  readonly deadline: Deadline
}

/** A step's denial. */
export interface Refusal {
  readonly ok: false
  readonly denial: Denial
  /** Shown to the client in place of the general sentence of the code. */
  readonly reason?: string | undefined
  /** Ids of the policies that decided. */
  readonly policies?: readonly string[] | undefined
}

/** A denial as the refusal of a step. */
export function refuse(code: ErrorCode, detail: string): Refusal {
  return { ok: false, denial: { code, detail } }
}

/** How a step ends: with what the next one needs, with a denial, or with the token left as it is. */
export type StepOutcome<Out> =
  | { readonly ok: true; readonly value: Out }
  | Refusal
  | { readonly ok: false; readonly denial: 'unchanged' }

/** The outcome of a step that leaves the token as it is, because the operator configured so. */
export const leaveUnchanged: { readonly ok: false; readonly denial: 'unchanged' } = {
  ok: false,
  denial: 'unchanged',
}

/** One step of the pipeline. It returns or denies; it does not throw because of its input. */
export type Step<In, Out> = (input: In, context: StepContext) => StepOutcome<Out> | Promise<StepOutcome<Out>>
