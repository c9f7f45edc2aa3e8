import type { JsonObject } from '../json.ts'
import { type HookAnswer, maxAnswerBytes, parseAnswer } from './answer.ts'
import type { InlineHook } from './inline-hook.ts'

/** How hooks are called. */
export interface HookTransport {
  readonly fetch: typeof fetch
  /** From the start of the connection to the last byte of the answer, in milliseconds. */
  readonly timeoutMs: number
}

/**
 * Calls a hook once: one POST, no retry, no redirect. Whatever goes wrong is an answer of kind `failure`.
 */
export async function callHook(
  hook: InlineHook,
  payload: JsonObject,
  { fetch, timeoutMs }: HookTransport,
): Promise<HookAnswer> {
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    const response = await fetch(hook.uri, {
      method: 'POST',
      headers: {
        ...hook.headers,
        accept: 'application/json',
        'content-type': 'application/json',
        [hook.auth.header]: hook.auth.secret,
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
    return signal.aborted
      ? { kind: 'failure', reason: `The inline hook did not answer within ${timeoutMs} ms` }
      : { kind: 'failure', reason: 'The connection to the inline hook failed' }
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
