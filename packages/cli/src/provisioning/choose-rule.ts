import type { ManagementApi } from '../okta/management-api.ts'
import {
  grantTypesOf,
  isActive,
  type LocatedRule,
  listRules,
  nameOfRule,
  otherGrantTypesOf,
  servesMachines,
} from '../okta/rules.ts'
import { CommandError } from '../terminal/command.ts'
import { printable } from '../terminal/printable.ts'
import type { WantedRule, WantedState } from './wanted.ts'

const ofItsOwn = 'make a policy and a rule for API A alone: --own-rule with --app and --scope'

/** Finds the one rule that was named, or the only one, and refuses one that serves more than machines. */
export async function chooseRule(
  api: ManagementApi,
  { serverId }: Pick<WantedState, 'serverId'>,
  { policy, name }: Extract<WantedRule, { kind: 'present' }>,
): Promise<LocatedRule> {
  const rules = await listRules(
    api,
    serverId,
    (each) => isActive(each) && (policy === undefined || each['name'] === policy),
  )
  const machines = rules.filter(servesMachines)
  const candidates = machines.filter(({ rule }) => name === undefined || rule['name'] === name)
  const [chosen, ...others] = candidates
  const where = `the authorization server '${serverId}'`
  if (chosen === undefined) {
    const advice =
      machines.length > 0
        ? `choose one of ${namesOf(machines)} with --policy and --rule`
        : policy === undefined
          ? `it has none at all, so ${ofItsOwn}`
          : `the policy '${policy}' has none, so choose another, or ${ofItsOwn}`
    throw new CommandError(`${where} has no such active rule for client_credentials; ${advice}`)
  }
  if (others.length > 0)
    throw new CommandError(
      `several rules serve client_credentials: ${namesOf(candidates)}; choose one with --policy and --rule, or ${ofItsOwn}`,
    )
  requireMachinesOnly(chosen)
  return chosen
}

/** A rule serves every grant type that it lists, and its hook is called for each of them. */
function requireMachinesOnly(located: LocatedRule): void {
  const others = otherGrantTypesOf(located)
  if (others.length === 0) return
  throw new CommandError(
    `the rule '${nameOfRule(located)}' serves ${printable(grantTypesOf(located).join(', '))}: Okta would call the hook for ${printable(others.join(', '))}, too, and the hook denies what is no exchange, so sign-ins would fail. Nothing was changed; ${ofItsOwn}, or take the other grant types off this rule`,
  )
}

/** The names of rules, with the grant types of those that serve more than machines. */
function namesOf(rules: readonly LocatedRule[]): string {
  return rules
    .map((each) => {
      const shared =
        otherGrantTypesOf(each).length === 0 ? '' : ` (${printable(grantTypesOf(each).join(', '))})`
      return `'${nameOfRule(each)}'${shared}`
    })
    .join(', ')
}
