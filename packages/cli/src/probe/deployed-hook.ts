import type { Fetch, JsonObject } from '@behalf/core'
import { isJsonObject, parseStrictJson, readText } from '@behalf/core/internal'
import { whyUnreachable } from '../okta/unreachable.ts'
import { CommandError } from '../terminal/command.ts'
import type { ProbeHook, SeenByHook } from './hook-server.ts'

const timeoutMs = 10_000
const maxBytes = 1_048_576
const maxJsonDepth = 40

/**
 * Steers a hook that `behalf probe --hook-only` serves elsewhere.
 *
 * @param uri - where Okta calls it
 */
export function steerDeployedHook(
  uri: string,
  secrets: { readonly hook: string; readonly control: string },
  fetch: Fetch,
): ProbeHook {
  const ask = async (method: 'GET' | 'POST', body?: JsonObject): Promise<JsonObject> => {
    let status: number
    let text: string | undefined
    try {
      const response = await fetch(`${uri}/control`, {
        method,
        headers: { authorization: `Bearer ${secrets.control}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      })
      status = response.status
      text = await readText(response, maxBytes)
    } catch (error) {
      const { code, remedy } = whyUnreachable(error)
      throw new CommandError(`the hook cannot be steered at ${uri}: ${code}; ${remedy}`)
    }
    if (status === 401) throw new CommandError(`${uri} has another PROBE_CONTROL_SECRET than this command`)
    const parsed = parseStrictJson(text ?? '', maxJsonDepth)
    if (status !== 200 || !parsed.ok || !isJsonObject(parsed.value))
      throw new CommandError(`${uri} is no hook of behalf probe`)
    return parsed.value
  }
  return {
    secret: secrets.hook,
    async answer(answer) {
      await ask('POST', { answer: { ...answer } })
    },
    async issueTokens(tokens) {
      await ask('POST', { tokens: { ...tokens } })
    },
    seen: async () => seenOf(await ask('GET')),
  }
}

function seenOf({ event, headerNames, tokenRequests }: JsonObject): SeenByHook {
  return {
    event: isJsonObject(event) ? event : undefined,
    headerNames: Array.isArray(headerNames) ? headerNames.map(String) : [],
    tokenRequests: (Array.isArray(tokenRequests) ? tokenRequests.filter(isJsonObject) : []).map((request) =>
      Object.fromEntries(Object.entries(request).map(([name, value]) => [name, String(value)])),
    ),
  }
}
