import type { JsonObject } from '@behalf/core'
import type { ManagementApi } from '../okta/management-api.ts'
import { textAt, textsAt, withMember } from '../okta/members.ts'
import { hookIdOf, type LocatedRule, listRules, nameOfRule, servesMachines } from '../okta/rules.ts'
import { CommandError } from '../terminal/command.ts'
import { hooksPath } from './hook-steps.ts'
import type { Plan, Step } from './plan.ts'
import type { WantedState } from './wanted.ts'

const hookPath = ['actions', 'token', 'inlineHook'] as const

/**
 * The rule is made to call the hook. A rule that calls another hook is refused: Okta lets a rule call one only,
 * and the other may be what protects somebody.
 */
export async function planRule(
  api: ManagementApi,
  wanted: WantedState,
  hook: JsonObject | undefined,
): Promise<Plan> {
  const located = chooseRule(await listRules(api, wanted.serverId), wanted)
  const name = nameOfRule(located)
  const current = hookIdOf(located)
  const remarks = remarksOn(located, wanted)
  if (hook !== undefined && current === textAt(hook, 'id'))
    return { steps: [{ change: { action: 'keep', kind: 'rule', name, details: [] } }], remarks }
  if (current !== '') {
    const other = textAt(await api.get(`${hooksPath}/${encodeURIComponent(current)}`), 'name')
    throw new CommandError(
      `the rule '${name}' calls another inline hook, '${other}' (${current}), and Okta lets a rule call one only; nothing was changed. Detach it yourself if nobody needs it, or name another rule with --policy and --rule`,
    )
  }
  const apply: Step['apply'] = async (_, made) => {
    await replaceHook(api, located, made.hookId ?? textAt(hook ?? {}, 'id'))
  }
  const details = [`actions.token.inlineHook: none → ${wanted.hook.name}`]
  return { steps: [{ change: { action: 'update', kind: 'rule', name, details }, apply }], remarks }
}

/** Every rule of every authorization server that calls the hook is made to call none. */
export async function planDetachment(api: ManagementApi, hookId: string): Promise<Step[]> {
  const servers = await api.list('/api/v1/authorizationServers')
  const rules = (await Promise.all(servers.map((server) => listRules(api, textAt(server, 'id'))))).flat()
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
  await api.put(path, withMember(rule, hookPath, hookId === undefined ? undefined : { id: hookId }))
}

function chooseRule(rules: readonly LocatedRule[], { serverId, rule }: WantedState): LocatedRule {
  const candidates = rules.filter(
    (located) =>
      servesMachines(located) &&
      (rule.policy === undefined || located.policy['name'] === rule.policy) &&
      (rule.name === undefined || located.rule['name'] === rule.name),
  )
  const [chosen, ...others] = candidates
  const names = (located: readonly LocatedRule[]): string =>
    located.map((each) => `'${nameOfRule(each)}'`).join(', ')
  if (chosen === undefined) {
    const available = names(rules.filter(servesMachines))
    throw new CommandError(
      `the authorization server '${serverId}' has no such active rule for client_credentials; ${available === '' ? 'it has none at all, so create one' : `choose one of ${available} with --policy and --rule`}`,
    )
  }
  if (others.length > 0)
    throw new CommandError(
      `several rules serve client_credentials: ${names(candidates)}; choose one with --policy and --rule`,
    )
  return chosen
}

function remarksOn({ policy, rule }: LocatedRule, { scopes, app }: WantedState): string[] {
  const ruleScopes = textsAt(rule, 'conditions', 'scopes', 'include')
  const missing = ruleScopes.includes('*') ? [] : scopes.filter((scope) => !ruleScopes.includes(scope))
  const clients = textsAt(policy, 'conditions', 'clients', 'include')
  return [
    ...(missing.length === 0
      ? []
      : [`the rule does not grant ${missing.join(', ')}; add them to it in the Admin Console`]),
    ...(app === undefined || clients.includes('ALL_CLIENTS')
      ? []
      : [
          `the policy '${textAt(policy, 'name')}' is for certain clients only; assign it to '${app.label}' in the Admin Console`,
        ]),
  ]
}
