import type { JsonObject } from '@behalf/core'
import type { ManagementApi } from '../okta/management-api.ts'

/** One thing of an org, and what becomes of it. */
export interface Change {
  readonly action: 'create' | 'update' | 'delete' | 'keep'
  readonly kind: 'scope' | 'app' | 'hook key' | 'inline hook' | 'event hook' | 'policy' | 'rule' | 'server'
  readonly name: string
  /** The members that differ, as lines for people. No secrets. */
  readonly details: readonly string[]
}

/** What applying a plan brought to light, each shown once: Okta never shows secrets again. */
export interface Made {
  hookId?: string
  hookKeyId?: string
  /** The public key that the owner of the hook registers for Okta's client. */
  hookPublicKey?: JsonObject
  /** Present when it was generated. */
  hookSecret?: string
  policyId?: string
  clientId?: string
  clientSecret?: string
}

/** A change and how it is made; absent when there is nothing to do. */
export interface Step {
  readonly change: Change
  readonly apply?: (api: ManagementApi, made: Made) => Promise<void>
}

/** What is to be done in an org, in the order in which it must be done. */
export interface Plan {
  readonly steps: readonly Step[]
  /** What the administrator should know although nothing is done about it. */
  readonly remarks: readonly string[]
}

/** Says whether a plan changes anything. */
export function changesSomething({ steps }: Plan): boolean {
  return steps.some(({ apply }) => apply !== undefined)
}

/**
 * Makes the changes of a plan, one after the other, and tells each when it is made.
 *
 * @param made - filled in on the way, so that what was made is known even if a later change fails
 */
export async function applyPlan(
  { steps }: Plan,
  api: ManagementApi,
  made: Made,
  onChange: (change: Change) => void,
): Promise<void> {
  for (const { change, apply } of steps) {
    if (apply === undefined) continue
    await apply(api, made)
    onChange(change)
  }
}
