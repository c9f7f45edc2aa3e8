import { isErrorCode } from '@behalf/core'
import { isJsonObject, parseStrictJson, readText } from '@behalf/core/internal'
import type { Installation } from './installation.ts'

/** How a hook answered one call. */
export interface HookProbe {
  readonly status: number
  /** `commands`, `error`, or `other` for a body that is neither. */
  readonly kind: 'commands' | 'error' | 'other'
  /** The code of a denial by Behalf. */
  readonly code?: string
  readonly durationMs: number
}

const timeoutMs = 10_000
const maxAnswerBytes = 262_144
const maxJsonDepth = 32

/** A hook request without an assertion, which a hook that knows its caller denies with `assertion_missing`. */
export const probeEvent: string = JSON.stringify({
  eventType: 'com.okta.oauth2.tokens.transform',
  eventTypeVersion: '1.0',
  cloudEventVersion: '0.1',
  contentType: 'application/json',
  eventId: 'behalf-doctor',
  data: {
    context: {
      request: {
        id: 'behalf-doctor',
        method: 'POST',
        url: { value: 'https://doctor.invalid/oauth2/default/v1/token' },
      },
      protocol: {
        type: 'OAUTH2.0',
        request: { client_id: 'behalf-doctor', grant_type: 'client_credentials' },
        client: { id: 'behalf-doctor', name: 'behalf doctor', type: 'CONFIDENTIAL' },
      },
    },
    access: {
      claims: { cid: 'behalf-doctor', sub: 'behalf-doctor' },
      token: { lifetime: { expiration: 3600 } },
      scopes: {},
    },
  },
})

/** Calls the hook as Okta would: no redirect, no retry. Undefined when no answer came. */
export async function probeHook(
  url: string,
  headers: Readonly<Record<string, string>>,
  { fetch }: Pick<Installation, 'fetch'>,
): Promise<HookProbe | undefined> {
  const startedAt = performance.now()
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json', ...headers },
      body: probeEvent,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    const text = (await readText(response, maxAnswerBytes)) ?? ''
    return { status: response.status, ...readAnswer(text), durationMs: performance.now() - startedAt }
  } catch {
    // The cause may quote headers; which check failed says enough.
    return undefined
  }
}

/** Reads what a hook answered. */
export function readAnswer(text: string): Pick<HookProbe, 'kind' | 'code'> {
  const parsed = parseStrictJson(text, maxJsonDepth)
  const answer = parsed.ok && isJsonObject(parsed.value) ? parsed.value : {}
  if (isJsonObject(answer['error'])) {
    const [, code] = /^([a-z_]+): /.exec(String(answer['error']['errorSummary'])) ?? []
    return { kind: 'error', ...(code !== undefined && isErrorCode(code) ? { code } : {}) }
  }
  return { kind: Array.isArray(answer['commands']) ? 'commands' : 'other' }
}
