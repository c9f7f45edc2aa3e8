import type { Fetch } from '@behalf/core'
import { isJsonObject, parseStrictJson, readText } from '@behalf/core/internal'
import { memberAt } from '../okta/members.ts'
import { whyUnreachable } from '../okta/unreachable.ts'
import { CommandError } from '../terminal/command.ts'

const timeoutMs = 10_000
const maxBytes = 4096

/**
 * Looks whether a URL ends at the probe's own hook, before anything is made: else every experiment would say that the
 * hook is not called.
 *
 * @throws CommandError that says what is there instead
 */
export async function requireReachable(uri: string, nonce: string, fetch: Fetch): Promise<void> {
  let told: unknown
  try {
    const response = await fetch(uri, { redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) })
    const parsed = parseStrictJson((await readText(response, maxBytes)) ?? '', 4)
    told = parsed.ok && isJsonObject(parsed.value) ? memberAt(parsed.value, 'nonce') : undefined
  } catch (error) {
    const { code, remedy } = whyUnreachable(error)
    throw new CommandError(`the hook cannot be reached under ${uri}: ${code}; ${remedy}`)
  }
  if (told !== nonce)
    throw new CommandError(`${uri} does not end at the hook of this probe; let --public-url lead to --port`)
}
