import type { JsonObject } from '@behalf/core'
import type { ManagementApi } from '../../okta/management-api.ts'
import { textAt } from '../../okta/members.ts'
import { hooksPath, hookType } from '../../provisioning/hook-steps.ts'
import { CommandError } from '../../terminal/command.ts'
import { type Check, type Finding, failure, ok, skipped } from '../finding.ts'
import { probeEvent, readAnswer } from '../hook-probe.ts'

/** The hook that is registered under a URL; undefined when there is none. */
export async function registeredHook(
  api: ManagementApi,
  url: string | undefined,
): Promise<JsonObject | undefined> {
  const hooks = await api.list(`${hooksPath}?type=${hookType}`)
  return hooks.find((hook) => textAt(hook, 'channel', 'config', 'uri') === url)
}

/** The hook is registered with the org under its URL, active, and takes what Okta authenticates with. */
export const checkRegistration: Check = async ({ api, hook: { url } }) => {
  const check = 'hook registered'
  if (api === undefined)
    return [
      skipped(
        check,
        'the org was not asked',
        'set OKTA_ORG_URL and OKTA_API_TOKEN, see behalf doctor --help',
      ),
    ]
  if (url === undefined) return [skipped(check, 'no hook was given', 'give --hook')]
  const hook = await registeredHook(api, url)
  if (hook === undefined)
    return [
      failure(check, 'the org knows no token inline hook of this URL', `behalf provision --hook ${url}`),
    ]
  const name = textAt(hook, 'name')
  if (hook['status'] !== 'ACTIVE')
    return [
      failure(
        check,
        `'${name}' is inactive, so Okta issues plain tokens`,
        'activate it, or run behalf provision again',
      ),
    ]
  return [ok(check, `'${name}' is active`), await checkPreview(api, textAt(hook, 'id'))]
}

/** Okta itself calls the hook, with the authentication that it has registered: a rotated secret shows here. */
async function checkPreview(api: ManagementApi, hookId: string): Promise<Finding> {
  const check = 'hook called by Okta'
  try {
    const answer = await api.post(`${hooksPath}/${hookId}/execute`, JSON.parse(probeEvent))
    const { code } = readAnswer(JSON.stringify(answer))
    return code === 'caller_unauthenticated'
      ? failure(
          check,
          'the hook denies what Okta authenticates with',
          'give the hook the secret (or client) that is registered, or register its own with behalf provision --replace-secret',
        )
      : ok(check, 'the hook accepts what Okta authenticates with')
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    return failure(
      check,
      'the preview at Okta failed',
      'see Workflow > Inline Hooks > Preview in the Admin Console',
    )
  }
}
