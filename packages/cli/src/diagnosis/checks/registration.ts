import { type Check, type Finding, failure, ok, skipped } from '../finding.ts'

/** The hook is registered with the org under its very URL, and active. */
export const checkRegistration: Check = async ({ org, hook: { url } }) => {
  const check = 'hook registered'
  if (org === undefined)
    return [
      skipped(
        check,
        'the org was not asked',
        'set OKTA_ORG_URL and OKTA_API_TOKEN, see behalf doctor --help',
      ),
    ]
  if (url === undefined) return [skipped(check, 'no hook was given', 'give --hook')]
  const hook = await org.registered()
  if (hook === undefined)
    return [
      failure(check, 'the org knows no token inline hook of this URL', `behalf provision --hook ${url}`),
    ]
  const { name, document, slips } = hook
  const found: Finding[] =
    slips.length === 0
      ? []
      : [
          failure(
            'hook URL',
            `Okta calls '${name}' under a URL that is not quite the hook's: ${slips.join(', ')}`,
            `behalf provision --hook ${url} registers it, character by character; until then tokens are plain, or none is issued`,
          ),
        ]
  if (document['status'] !== 'ACTIVE')
    return [
      ...found,
      failure(
        check,
        `'${name}' is inactive, so Okta issues plain tokens`,
        'activate it, or run behalf provision again',
      ),
    ]
  return [...found, ok(check, `'${name}' is active`)]
}
