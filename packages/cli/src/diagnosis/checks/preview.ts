import { hooksPath } from '../../provisioning/hook-steps.ts'
import { CommandError } from '../../terminal/command.ts'
import { type Check, type Finding, failure, ok, skipped } from '../finding.ts'
import { eventOf, flawOf, readAnswer } from '../hook-probe.ts'
import type { Installation } from '../installation.ts'
import type { OrgView } from '../org-view.ts'

/** Okta itself calls the hook, with the authentication that it has registered: a rotated secret shows here. */
export const checkPreview: Check = async (installation) => {
  const { org } = installation
  const hook = await org?.registered()
  if (org === undefined || hook?.document['status'] !== 'ACTIVE') return []
  if ((await org.tokenLoop()) !== undefined)
    return [skipped('hook called by Okta', 'the call would start the loop', 'end the loop first')]
  return [await preview(org, hook.id, installation)]
}

async function preview({ api }: OrgView, hookId: string, installation: Installation): Promise<Finding> {
  const check = 'hook called by Okta'
  try {
    const path = `${hooksPath}/${encodeURIComponent(hookId)}/execute`
    const answer = readAnswer(JSON.stringify(await api.post(path, eventOf(installation))))
    if (answer.code === 'caller_unauthenticated')
      return failure(
        check,
        'the hook denies what Okta authenticates with',
        'give the hook the secret (or client) that is registered, or register its own with behalf provision --replace-secret',
      )
    const flaw = flawOf(answer)
    return flaw === undefined
      ? ok(check, 'the hook accepts what Okta authenticates with')
      : failure(
          check,
          flaw,
          "compare the registered URL with the hook's own path; its decision log says the rest",
        )
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    return failure(
      check,
      `the preview at Okta failed: ${error.message}`,
      'see Workflow > Inline Hooks > Preview in the Admin Console',
    )
  }
}
