import { readOktaCredentials } from '../okta/credentials.ts'
import { connectToOkta } from '../okta/management-api.ts'
import { textAt } from '../okta/members.ts'
import { patienceOf } from '../okta/rate-limit.ts'
import { hookIdOf, isActive, listRules, nameOfRule, ruleForClient } from '../okta/rules.ts'
import { hooksPath } from '../provisioning/hook-steps.ts'
import { CommandError, type Terminal } from '../terminal/command.ts'
import { printable } from '../terminal/printable.ts'

/** Whose token came out plain. */
export interface PlainToken {
  readonly issuer: string
  readonly clientId: string
  readonly scopes: readonly string[]
}

/** What is known from the token alone. */
export const plainCauses =
  "either the rule calls no hook, or Okta's hook did not answer in time, or its answer could not be applied"

/**
 * Says why Okta issued a plain token, as far as the org shows it.
 *
 * @returns a sentence; without credentials for the org, one that says how to find out
 */
export async function explainPlainToken(
  { issuer, clientId, scopes }: PlainToken,
  terminal: Terminal,
): Promise<string> {
  const credentials = await readOktaCredentials(terminal.env)
  if (credentials === undefined)
    return `${plainCauses}; set OKTA_ORG_URL and OKTA_API_TOKEN to be told which, or run 'behalf doctor'`
  try {
    const api = await connectToOkta(credentials, patienceOf(terminal))
    const serverId = issuer.split('/').at(-1) ?? 'default'
    const rule = ruleForClient(await listRules(api, serverId, isActive), clientId, scopes)
    if (rule === undefined)
      return `${plainCauses}; which rule decides about ${printable(clientId)} is not seen`
    const hookId = hookIdOf(rule)
    const decides = `the rule '${nameOfRule(rule)}' decides about ${printable(clientId)}`
    if (hookId === '') return `${decides}, and it calls no hook; behalf provision attaches one`
    const hook = await api.find(`${hooksPath}/${encodeURIComponent(hookId)}`)
    if (hook === undefined) return `${decides}, and the hook that it names (${printable(hookId)}) is gone`
    const name = printable(textAt(hook, 'name'))
    return isActive(hook)
      ? `${decides} and calls '${name}': it did not answer in time, or its answer could not be applied; the System Log says which, and 'behalf doctor' looks`
      : `${decides}, and the hook that it calls, '${name}', is inactive`
  } catch (error) {
    // What is not known about the cause must not hide the outcome.
    if (!(error instanceof CommandError)) throw error
    return `${plainCauses}; the org did not tell which: ${error.message}`
  }
}
