import type { JsonObject } from '@behalf/core'
import type { ManagementApi } from '../okta/management-api.ts'
import { textAt } from '../okta/members.ts'
import { hookIdOf, type LocatedRule, nameOfRule, policiesPathOf, rulesOfAll } from '../okta/rules.ts'
import { CommandError } from '../terminal/command.ts'
import { planApp, planAppRemoval } from './app-steps.ts'
import { chooseRule } from './choose-rule.ts'
import { planEventHook, planEventHookRemoval } from './event-hook-steps.ts'
import { planHookKey, planHookKeyRemoval } from './hook-key-steps.ts'
import {
  hookNamed,
  hooksPath,
  hookType,
  listHooks,
  planHook,
  planHookRemoval,
  requireOwnHook,
} from './hook-steps.ts'
import { bearsMark } from './mark.ts'
import { isOwnRule, planOwnRuleRemoval } from './own-rule-removal.ts'
import { planOwnRule } from './own-rule-steps.ts'
import type { Plan, Step } from './plan.ts'
import { rulesForClient, serverOfTokenSource } from './recursion.ts'
import { planDetachment, planRule } from './rule-steps.ts'
import { planScopeRemoval, planScopes } from './scope-steps.ts'
import { planServer } from './server-steps.ts'
import type { WantedState } from './wanted.ts'

/**
 * Compares an org with what is wanted. Nothing is changed; the rule comes last, when all that it needs is there.
 *
 * @param eventApi - what event hooks are looked at and made with
 */
export async function planProvisioning(
  api: ManagementApi,
  wanted: WantedState,
  eventApi: ManagementApi = api,
): Promise<Plan> {
  const { hook: wantedHook, rule: wantedRule } = wanted
  const server = await planServer(api, wanted)
  const hook = hookNamed(await listHooks(api), wantedHook.name)
  requireOwnHook(hook, wantedHook.name, wanted.adopt)
  const chosen = wantedRule.kind === 'present' ? await chooseRule(api, wanted, wantedRule) : undefined
  const hookId = hook === undefined ? undefined : textAt(hook, 'id')
  const app = await planApp(api, wanted.app, wantedHook.name)
  await refuseRecursion(api, wanted, { hookId, chosen, clientId: app.clientId })
  const rule = await planEitherRule(api, wanted, chosen, hook, app.clientId)
  const key = await planHookKey(api, wantedHook)
  const eventHook =
    wanted.eventHook === undefined
      ? []
      : await planEventHook(eventApi, wantedHook.name, wanted.eventHook, wanted.adopt)
  return {
    steps: [
      ...server,
      ...(await planScopes(api, wanted)),
      ...app.steps,
      ...key.steps,
      ...planHook(hook, wantedHook, key),
      ...rule.steps,
      // Last: it can fail because nobody answers at its URL, and nothing depends on it.
      ...eventHook,
    ],
    remarks: rule.remarks,
  }
}

async function planEitherRule(
  api: ManagementApi,
  wanted: WantedState,
  chosen: LocatedRule | undefined,
  hook: JsonObject | undefined,
  clientId: string | undefined,
): Promise<Plan> {
  if (chosen !== undefined) return planRule(api, chosen, wanted, hook, clientId)
  if (wanted.rule.kind !== 'own') return { steps: [], remarks: [] }
  const hookId = hook === undefined ? undefined : textAt(hook, 'id')
  return { steps: await planOwnRule(api, { wanted, own: wanted.rule, hookId, clientId }), remarks: [] }
}

/** A hook whose token comes under a rule that calls it is called for that token, too, without end. */
async function refuseRecursion(
  api: ManagementApi,
  { serverId, rule, hook: { authentication } }: WantedState,
  known: {
    readonly hookId: string | undefined
    readonly chosen: LocatedRule | undefined
    readonly clientId: string | undefined
  },
): Promise<void> {
  if (authentication.kind === 'header') return
  const server = await serverOfTokenSource(api, authentication)
  if (server === undefined) return
  const rules = await rulesForClient(api, server, authentication.clientId)
  const caller = rules.find(
    (located) =>
      located.path === known.chosen?.path ||
      (known.hookId !== undefined && hookIdOf(located) === known.hookId),
  )
  const isOwnClient =
    rule.kind === 'own' && textAt(server, 'id') === serverId && authentication.clientId === known.clientId
  if (caller === undefined && !isOwnClient) return
  const name = caller === undefined ? 'for API A' : `'${nameOfRule(caller)}'`
  throw new CommandError(
    `the token for the hook would come from an authorization server whose rule ${name} calls the hook, so that each call would cause another, until Okta gives up and issues plain tokens. Nothing was changed; let another authorization server issue it, or a policy for ${authentication.clientId} alone without the hook`,
  )
}

/** What is to be undone. */
export interface UnwantedState {
  readonly serverId: string
  /** The installation. */
  readonly hookName: string
  readonly appLabel: string | undefined
}

/**
 * Undoes what an installation has made, in the order that Okta asks for: what is used is detached first. What bears
 * another mark, or none, is kept. The marks are read anew each time, so that an undoing that broke off goes on.
 */
export async function planRemoval(
  api: ManagementApi,
  unwanted: UnwantedState,
  eventApi: ManagementApi = api,
): Promise<Plan> {
  const { serverId, hookName: installation, appLabel } = unwanted
  // Hooks of every type may use the key of this one.
  const hooks = await api.list(hooksPath)
  const hook = hookNamed(
    hooks.filter(({ type }) => type === hookType),
    installation,
  )
  const isOurs = hook !== undefined && bearsMark(hook, installation)
  const servers = isOurs
    ? (await api.list('/api/v1/authorizationServers?limit=200')).map((server) => textAt(server, 'id'))
    : [serverId]
  const rules: LocatedRule[] = []
  const policySteps: Step[] = []
  for (const id of servers) {
    const policies = await api.list(policiesPathOf(id))
    const found = await rulesOfAll(api, id, policies)
    rules.push(...found)
    policySteps.push(...planOwnRuleRemoval(api, id, policies, found, installation))
  }
  const others = rules.filter((located) => !isOwnRule(located, installation))
  const events = await removeEventHook(eventApi, installation)
  return {
    steps: [
      ...policySteps,
      ...(isOurs ? planDetachment(api, others, textAt(hook, 'id')) : []),
      ...planHookRemoval(hook, installation),
      ...events.steps,
      ...(await planHookKeyRemoval(
        api,
        installation,
        hooks.filter((other) => other !== hook || !isOurs),
      )),
      ...(await planAppRemoval(api, appLabel, installation)),
      ...(await planScopeRemoval(api, serverId, installation, others)),
    ],
    remarks: events.remarks,
  }
}

/** A service app that was never meant to make event hooks may not look at them either. */
async function removeEventHook(api: ManagementApi, installation: string): Promise<Plan> {
  try {
    return { steps: await planEventHookRemoval(api, installation), remarks: [] }
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    return { steps: [], remarks: [`event hooks were not looked at: ${error.message}`] }
  }
}
