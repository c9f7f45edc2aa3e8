import { memberAt, textsAt } from '../../okta/members.ts'
import {
  grantTypesOf,
  hookIdOf,
  isActive,
  type LocatedRule,
  nameOfRule,
  otherGrantTypesOf,
  ruleForClient,
  servesMachines,
} from '../../okta/rules.ts'
import { type Check, type Finding, failure, ok, warning } from '../finding.ts'

/** Okta's shortest. What a failure of the hook lets through lives for as long as the rule says. */
const wantedMinutes = 5
const defaultMinutes = 60

/** A rule for machine tokens alone calls the hook, it is the one that decides, it is narrow, and no other lets plain ones through. */
export const checkRule: Check = async ({ org, serverId, scopes, client }) => {
  const hook = await org?.registered()
  if (org === undefined || hook === undefined) return []
  const rules = (await org.rules()).filter(({ rule }) => isActive(rule))
  const attached = rules.filter((located) => hookIdOf(located) === hook.id)
  const machines = rules.filter(servesMachines)
  const unhooked = machines
    .filter((located) => hookIdOf(located) === '')
    .map((located) =>
      warning(
        'rule without hook',
        `'${nameOfRule(located)}' issues machine tokens that no hook decides about`,
        'fine for clients that act for themselves; API B must refuse their tokens',
      ),
    )
  const others = await Promise.all(
    machines
      .filter((located) => hookIdOf(located) !== '' && hookIdOf(located) !== hook.id)
      .map(async (located): Promise<RuleOfAnother> => {
        return { located, hookName: await org.nameOfHook(hookIdOf(located)) }
      }),
  )
  const found = attached.flatMap((located) => judge(located, scopes))
  if (!attached.some(servesMachines))
    return [
      failure(
        'rule',
        `no rule for client_credentials of '${serverId}' calls the hook${others.map(({ located, hookName }) => `; '${nameOfRule(located)}' calls another, '${hookName}', and a rule calls one`).join('')}`,
        others.length === 0
          ? 'run behalf provision, or choose the rule with --policy and --rule'
          : ownRuleRemedy,
      ),
      ...found,
      ...unhooked,
    ]
  return [
    ...found,
    ...judgeOrder({ machines, attached, others }, client?.clientId, scopes),
    ...others.map(describeOther),
    ...unhooked,
  ]
}

/** A rule that calls a hook of somebody else. */
interface RuleOfAnother {
  readonly located: LocatedRule
  readonly hookName: string
}

const ownRuleRemedy =
  'behalf provision --own-rule with --app and --scope makes a rule for API A alone, and leaves the other hook where it is'

/** It goes on as before; that API A comes under another rule is what matters. */
function describeOther({ located, hookName }: RuleOfAnother): Finding {
  return ok('rule of another hook', `'${nameOfRule(located)}' calls '${hookName}', which goes on as before`)
}

function judge(located: LocatedRule, scopes: readonly string[]): Finding[] {
  const name = `'${nameOfRule(located)}'`
  return [
    ok('rule', `${name} calls the hook`),
    ...judgeGrantTypes(located),
    judgeLifetime(located),
    judgeScopes(located, scopes),
  ]
}

function judgeGrantTypes(located: LocatedRule): Finding[] {
  const others = otherGrantTypesOf(located)
  if (others.length === 0) return []
  return [
    failure(
      'rule grant types',
      `'${nameOfRule(located)}' serves ${grantTypesOf(located).join(', ')}: the hook is called for ${others.join(', ')}, too, and denies all that is no exchange, so sign-ins fail`,
      'behalf provision --own-rule with --app and --scope makes a rule for API A alone; then take the hook off this one',
    ),
  ]
}

/** The first rule that fits decides: one before the hook's own would issue plain tokens to API A. */
function judgeOrder(
  {
    machines,
    attached,
    others,
  }: {
    readonly machines: readonly LocatedRule[]
    readonly attached: readonly LocatedRule[]
    readonly others: readonly RuleOfAnother[]
  },
  clientId: string | undefined,
  scopes: readonly string[],
): Finding[] {
  if (clientId === undefined) return []
  const first = ruleForClient(machines, clientId, scopes)
  if (first === undefined || attached.includes(first)) return []
  const other = others.find(({ located }) => located === first)
  const what =
    other === undefined ? 'it does not call the hook' : `it calls another hook, '${other.hookName}'`
  return [
    failure(
      'rule for the client',
      `'${nameOfRule(first)}' is the first rule that fits the requests of CLIENT_ID, and ${what}`,
      other === undefined
        ? 'put the rule of the hook, or its policy, before it, or run behalf provision --own-rule'
        : ownRuleRemedy,
    ),
  ]
}

function judgeLifetime({ rule }: LocatedRule): Finding {
  const check = 'rule lifetime'
  const set = memberAt(rule, 'actions', 'token', 'accessTokenLifetimeMinutes')
  const minutes = typeof set === 'number' ? set : defaultMinutes
  const detail = `${minutes} min${minutes === set ? '' : ", Okta's default"}`
  return minutes > wantedMinutes
    ? warning(
        check,
        detail,
        `${wantedMinutes} min are enough; the plain token of a failure lives for as long`,
      )
    : ok(check, detail)
}

function judgeScopes({ rule }: LocatedRule, wanted: readonly string[]): Finding {
  const check = 'rule scopes'
  const granted = textsAt(rule, 'conditions', 'scopes', 'include')
  if (granted.includes('*'))
    return warning(check, 'every scope is granted', 'name the scopes that API A needs')
  const missing = wanted.filter((scope) => !granted.includes(scope))
  if (missing.length > 0)
    return failure(check, `not granted: ${missing.join(' ')}`, 'add them to the rule, or ask for others')
  return granted.length === 0
    ? warning(check, 'the rule names no scope', 'name the scopes that API A needs')
    : ok(check, granted.join(' '))
}
