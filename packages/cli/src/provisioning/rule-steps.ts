import type { JsonObject } from '@behalf/core'
import type { ManagementApi } from '../okta/management-api.ts'
import { textAt, textsAt, withMember } from '../okta/members.ts'
import { admitsClient, allClients, clientsOf, hookIdOf, type LocatedRule, nameOfRule } from '../okta/rules.ts'
import { CommandError } from '../terminal/command.ts'
import { printable } from '../terminal/printable.ts'
import { hooksPath } from './hook-steps.ts'
import type { Plan, Step } from './plan.ts'
import type { WantedState } from './wanted.ts'

/** Where a rule names the hook that it calls. */
export const inlineHookPath = ['actions', 'token', 'inlineHook'] as const

/**
 * Makes the rule call the hook. A rule that calls another hook is refused: Okta lets a rule call one only,
 * and the other may be what protects somebody.
 */
export async function planRule(
  api: ManagementApi,
  located: LocatedRule,
  wanted: WantedState,
  hook: JsonObject | undefined,
  clientId: string | undefined,
): Promise<Plan> {
  const name = nameOfRule(located)
  const current = hookIdOf(located)
  const remarks = remarksOn(located, wanted, clientId)
  if (hook !== undefined && current === textAt(hook, 'id'))
    return { steps: [{ change: { action: 'keep', kind: 'rule', name, details: [] } }], remarks }
  if (current !== '') {
    const other = await api.find(`${hooksPath}/${encodeURIComponent(current)}`)
    const known =
      other === undefined
        ? printable(current)
        : `'${printable(textAt(other, 'name'))}' (${printable(current)})`
    throw new CommandError(
      `the rule '${name}' calls another inline hook, ${known}, and Okta lets a rule call one only; nothing was changed. Detach it yourself if nobody needs it, or name another rule with --policy and --rule`,
    )
  }
  const apply: Step['apply'] = async (_, made) => {
    await replaceHook(api, located, made.hookId ?? textAt(hook ?? {}, 'id'))
  }
  const details = [`actions.token.inlineHook: none → ${wanted.hook.name}`]
  return { steps: [{ change: { action: 'update', kind: 'rule', name, details }, apply }], remarks }
}

/** Makes every rule that calls the hook call none, which is what it did before: provisioning replaces no hook. */
export function planDetachment(api: ManagementApi, rules: readonly LocatedRule[], hookId: string): Step[] {
  return rules
    .filter((located) => hookIdOf(located) === hookId)
    .map((located) => ({
      change: {
        action: 'update',
        kind: 'rule',
        name: nameOfRule(located),
        details: ['actions.token.inlineHook: the hook → none, so its machine tokens become plain'],
      },
      apply: () => replaceHook(api, located, undefined),
    }))
}

/** Changes one member of the rule as it is now, as JSON, so that nothing that is unknown here is lost. */
async function replaceHook(
  api: ManagementApi,
  { path }: LocatedRule,
  hookId: string | undefined,
): Promise<void> {
  const { _links, _embedded, ...rule } = await api.get(path)
  await api.put(path, withMember(rule, inlineHookPath, hookId === undefined ? undefined : { id: hookId }))
}

function remarksOn(
  { policy, rule }: LocatedRule,
  { scopes, app }: WantedState,
  clientId: string | undefined,
): string[] {
  const ruleScopes = textsAt(rule, 'conditions', 'scopes', 'include')
  const missing = ruleScopes.includes('*') ? [] : scopes.filter((scope) => !ruleScopes.includes(scope))
  const isAdmitted = clientId !== undefined && admitsClient(policy, clientId)
  const others = clientsOf(policy).filter((client) => client !== clientId)
  const policyName = `the policy '${textAt(policy, 'name')}'`
  return [
    ...(missing.length === 0
      ? []
      : [`the rule does not grant ${missing.join(', ')}; add them to it in the Admin Console`]),
    ...(app === undefined || isAdmitted || others.includes(allClients)
      ? []
      : [`${policyName} is for certain clients only; assign it to '${app.label}' in the Admin Console`]),
    ...(others.length === 0
      ? []
      : [
          `${policyName} is for ${others.includes(allClients) ? 'all clients' : others.join(', ')}: the hook denies the machine tokens that they ask for without an assertion; --own-rule with --app and --scope makes a rule for API A alone`,
        ]),
  ]
}
