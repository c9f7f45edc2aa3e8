import { randomUUID } from 'node:crypto'
import type { HookAuth, InlineHook } from '../org/inline-hook.ts'
import type { JsonObject } from '../org/json.ts'
import { type OktaFacts, plays } from '../org/okta-facts.ts'
import { type HookAnswer, maxAnswerBytes, parseAnswer } from './answer.ts'
import type { HookTokens } from './hook-tokens.ts'
import type { HookTransport } from './hook-transport.ts'

/** Calls a hook once: one POST, no retry, no redirect. Whatever goes wrong is an answer of kind `failure`. */
export type HookCaller = (hook: InlineHook, payload: JsonObject) => Promise<HookAnswer>

/** Creates what calls the hooks of one org. @param tokens - those that OAuth-secured hooks ask for */
export function createHookCaller(transport: HookTransport, tokens: HookTokens): HookCaller {
  const { fetch, timeoutMs, facts } = transport
  return async ({ auth, headers, uri }, payload) => {
    let signal = AbortSignal.timeout(timeoutMs)
    let authorized = false
    try {
      const authorization = await authorizationOf(auth, tokens, signal)
      authorized = true
      if (plays(facts, 'hook-token-fetch-time', 'does not count')) signal = AbortSignal.timeout(timeoutMs)
      const response = await fetch(uri, {
        method: 'POST',
        headers: {
          ...headers,
          accept: 'application/json',
          'content-type': 'application/json',
          ...authorization,
          ...(plays(facts, 'hook-headers', 'some of Okta') ? { 'x-okta-request-id': randomUUID() } : {}),
        },
        body: JSON.stringify(payload),
        redirect: 'manual',
        signal,
      })
      if (!isRead(response, facts)) {
        await response.body?.cancel()
        if (response.status === 204) return { kind: 'unchanged' }
        const reason =
          response.status === 200
            ? 'The content type of the response is not supported'
            : `The inline hook answered with HTTP status ${response.status}`
        return { kind: 'failure', reason }
      }
      const body = await readBounded(response)
      return body === undefined
        ? { kind: 'failure', reason: `The response is larger than ${maxAnswerBytes} bytes` }
        : parseAnswer(body, facts)
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
}

function isRead({ status, headers, ok }: Response, facts: OktaFacts): boolean {
  const takesAnyType = plays(facts, 'answer-content-type', 'applied')
  if (status === 200) return takesAnyType || /^application\/json\b/i.test(headers.get('content-type') ?? '')
  return ok && status !== 204 && plays(facts, 'other-2xx', 'applied')
}

async function authorizationOf(
  auth: HookAuth,
  tokens: HookTokens,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  switch (auth.type) {
    case 'none':
      return {}
    case 'header':
      return { [auth.header]: auth.secret }
    default:
      return { authorization: `Bearer ${await tokens.get(auth, signal)}` }
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
