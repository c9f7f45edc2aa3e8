import type { Clock } from '../org/clock.ts'
import type { JsonObject } from '../org/json.ts'
import { type HookAnswer, maxAnswerBytes, parseAnswer } from './answer.ts'
import { authorizeCall } from './authorize-call.ts'
import type { HookKey } from './hook-key.ts'
import type { InlineHook } from './inline-hook.ts'

/** How hooks are called. */
export interface HookTransport {
  /** Calls hooks. */
  readonly fetch: typeof fetch
  /** Calls the token endpoints of hooks' owners. */
  readonly fetchToken: typeof fetch
  /** From the start of the connection to the last byte of the answer, in milliseconds. */
  readonly timeoutMs: number
  readonly clock: Clock
  /** The keys for hooks that ask for `private_key_jwt`, by id. */
  readonly hookKeys: ReadonlyMap<string, HookKey>
}

/**
 * Calls a hook once: one POST, no retry, no redirect. Whatever goes wrong is an answer of kind `failure`.
 */
export async function callHook(
  hook: InlineHook,
  payload: JsonObject,
  transport: HookTransport,
): Promise<HookAnswer> {
  const { fetch, timeoutMs } = transport
  const signal = AbortSignal.timeout(timeoutMs)
  let authorized = false
  try {
    const authorization = await authorizeCall(hook.auth, transport, signal)
    authorized = true
    const response = await fetch(hook.uri, {
      method: 'POST',
      headers: {
        ...hook.headers,
        accept: 'application/json',
        'content-type': 'application/json',
        ...authorization,
      },
      body: JSON.stringify(payload),
      redirect: 'manual',
      signal,
    })
    if (response.status !== 200) {
      await response.body?.cancel()
      if (response.status === 204) return { kind: 'unchanged' }
      return { kind: 'failure', reason: `The inline hook answered with HTTP status ${response.status}` }
    }
    const body = await readBounded(response)
    return body === undefined
      ? { kind: 'failure', reason: `The response is larger than ${maxAnswerBytes} bytes` }
      : parseAnswer(body)
  } catch {
    // The cause may quote headers or the address, which must not reach the log.
    if (signal.aborted) {
      return { kind: 'failure', reason: `The inline hook did not answer within ${timeoutMs} ms` }
    }
    return authorized
      ? { kind: 'failure', reason: 'The connection to the inline hook failed' }
      : { kind: 'failure', reason: 'The access token for the inline hook could not be obtained' }
  }
}

async function readBounded(response: Response): Promise<string | undefined> {
  const decoder = new TextDecoder()
  let size = 0
  let text = ''
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    if (size > maxAnswerBytes) return undefined
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}
