import type { Denial, Needs } from '@behalf/core'

/** Why a step denies, and what the client and the record are told of it. */
export interface StepDenial extends Denial {
  /** Shown to the client in place of the general sentence of the code. */
  readonly reason?: string | undefined
  /** Ids of the policies that decided. */
  readonly policies?: readonly string[] | undefined
  /** What the user's next token must bring; with `step_up_required` only. */
  readonly needs?: Needs | undefined
}
