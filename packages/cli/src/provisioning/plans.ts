import type { ManagementApi } from '../okta/management-api.ts'
import { textAt } from '../okta/members.ts'
import { planApp, planAppRemoval } from './app-steps.ts'
import { planHookKey, planHookKeyRemoval } from './hook-key-steps.ts'
import { findHook, planHook, planHookRemoval } from './hook-steps.ts'
import type { Plan } from './plan.ts'
import { planDetachment, planRule } from './rule-steps.ts'
import { planScopeRemoval, planScopes } from './scope-steps.ts'
import type { WantedState } from './wanted.ts'

/** Compares an org with what is wanted. Nothing is changed; the rule comes last, when all that it needs is there. */
export async function planProvisioning(api: ManagementApi, wanted: WantedState): Promise<Plan> {
  const hook = await findHook(api, wanted.hook.name)
  const rule = await planRule(api, wanted, hook)
  const key = await planHookKey(api, wanted.hook)
  return {
    steps: [
      ...(await planScopes(api, wanted.serverId, wanted.scopes)),
      ...(await planApp(api, wanted.app)),
      ...key.steps,
      ...(await planHook(hook, wanted.hook, key)),
      ...rule.steps,
    ],
    remarks: rule.remarks,
  }
}

/** What is to be undone. */
export interface UnwantedState {
  readonly serverId: string
  readonly hookName: string
  readonly appLabel: string | undefined
}

/** What provisioning has made, undone in the order that Okta asks for: what is used is detached first. */
export async function planRemoval(api: ManagementApi, unwanted: UnwantedState): Promise<Plan> {
  const hook = await findHook(api, unwanted.hookName)
  return {
    steps: [
      ...(hook === undefined ? [] : await planDetachment(api, textAt(hook, 'id'))),
      ...planHookRemoval(hook),
      ...(await planHookKeyRemoval(api, unwanted.hookName)),
      ...(await planAppRemoval(api, unwanted.appLabel)),
      ...(await planScopeRemoval(api, unwanted.serverId)),
    ],
    remarks: [],
  }
}
