import { randomBytes } from 'node:crypto'
import { type Check, type Finding, failure, ok, skipped } from '../finding.ts'
import { flawOf, type HookProbe, type NoAnswer, probeHook } from '../hook-probe.ts'
import type { Installation } from '../installation.ts'

/** A caller without the secret or with a wrong one is denied, with 200; one with the right secret is not. */
export const checkHookAuthentication: Check = async (installation) => {
  const { url, header, secret } = installation.hook
  if (url === undefined) return []
  const wrong = { [header]: randomBytes(24).toString('base64url') }
  return [
    judgeStranger('hook without secret', await probeHook(url, {}, installation)),
    judgeStranger('hook with a wrong secret', await probeHook(url, wrong, installation)),
    await checkRightSecret(url, header, secret, installation),
  ]
}

function judgeStranger(check: string, probe: HookProbe | NoAnswer): Finding {
  if (probe.kind === 'none') return skipped(check, 'no answer came', 'see above')
  if (probe.status !== 200)
    return failure(
      check,
      `it answers ${probe.status}, which makes Okta issue the plain token`,
      'refuse callers with 200 and an error object; a gateway in front of the hook must not refuse by itself',
    )
  if (probe.code === 'caller_unauthenticated') return ok(check, 'denied')
  return failure(
    check,
    probe.kind === 'error' ? `it got as far as '${probe.code ?? 'an unknown error'}'` : 'it was accepted',
    'configure authenticate; anybody who finds the hook can ask it for decisions now',
  )
}

async function checkRightSecret(
  url: string,
  header: string,
  secret: string | undefined,
  installation: Installation,
): Promise<Finding> {
  const check = 'hook with the secret'
  if (secret === undefined)
    return skipped(
      check,
      'the secret is not known here',
      'set HOOK_SECRET; what Okta has registered is checked below',
    )
  const probe = await probeHook(url, { [header]: secret }, installation)
  if (probe.kind === 'none') return skipped(check, 'no answer came', 'see above')
  if (probe.status !== 200 || probe.kind === 'other' || probe.code === 'caller_unauthenticated')
    return failure(check, 'denied', 'compare HOOK_SECRET and the header with what the hook was started with')
  const flaw = flawOf(probe)
  return flaw === undefined
    ? ok(check, 'accepted')
    : failure(
        check,
        flaw,
        "compare --hook with the hook's own path, character by character; its decision log says the rest",
      )
}
