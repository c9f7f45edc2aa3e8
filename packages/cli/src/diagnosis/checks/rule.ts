import { textAt, textsAt } from '../../okta/members.ts'
import { hookIdOf, type LocatedRule, listRules, nameOfRule, servesMachines } from '../../okta/rules.ts'
import { type Check, type Finding, failure, ok, warning } from '../finding.ts'
import { registeredHook } from './registration.ts'

/** Okta's shortest. What a failure of the hook lets through lives for as long as the rule says. */
const wantedMinutes = 5
const defaultMinutes = 60

/** A rule for machine tokens calls the hook, no other rule lets plain ones through, and the rule is narrow. */
export const checkRule: Check = async ({ api, serverId, scopes, hook: { url } }) => {
  const hook = api === undefined ? undefined : await registeredHook(api, url)
  if (api === undefined || hook === undefined) return []
  const rules = (await listRules(api, serverId)).filter(servesMachines)
  const attached = rules.filter((located) => hookIdOf(located) === textAt(hook, 'id'))
  const others = rules.filter((located) => hookIdOf(located) === '')
  const unhooked = others.map((located) =>
    warning(
      'rule without hook',
      `'${nameOfRule(located)}' issues machine tokens that no hook decides about`,
      'fine for clients that act for themselves; API B must refuse their tokens',
    ),
  )
  if (attached.length === 0)
    return [
      failure(
        'rule',
        `no rule for client_credentials of '${serverId}' calls the hook`,
        'run behalf provision, or choose the rule with --policy and --rule',
      ),
      ...unhooked,
    ]
  return [...attached.flatMap((located) => judge(located, scopes)), ...unhooked]
}

function judge(located: LocatedRule, scopes: readonly string[]): Finding[] {
  const name = `'${nameOfRule(located)}'`
  return [ok('rule', `${name} calls the hook`), judgeLifetime(located), judgeScopes(located, scopes)]
}

function judgeLifetime({ rule }: LocatedRule): Finding {
  const check = 'rule lifetime'
  const set = Object(rule['actions']).token?.accessTokenLifetimeMinutes
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
  return missing.length === 0
    ? ok(check, granted.join(' '))
    : failure(check, `not granted: ${missing.join(' ')}`, 'add them to the rule, or ask for others')
}
