import { isErrorCode, type JsonObject } from '@behalf/core'
import { isJsonObject, parseStrictJson, readText } from '@behalf/core/internal'
import { type Unreachable, whyUnreachable } from '../okta/unreachable.ts'
import type { Installation } from './installation.ts'
import { probeEvent } from './probe-event.ts'

/** How a hook answered one call. */
export interface HookProbe {
  readonly status: number
  /** `commands`, `error`, or `other` for a body that is neither. */
  readonly kind: 'commands' | 'error' | 'other'
  /** The code of a denial by Behalf. */
  readonly code?: string
  readonly durationMs: number
}

/** The hook gave no answer. */
export interface NoAnswer extends Unreachable {
  readonly kind: 'none'
}

const timeoutMs = 10_000
const maxAnswerBytes = 262_144
const maxJsonDepth = 32

/** Calls the hook as Okta would: no redirect, no retry. @param assertion - what the token request had; nothing by default */
export async function probeHook(
  url: string,
  headers: Readonly<Record<string, string>>,
  installation: Installation,
  assertion?: string,
): Promise<HookProbe | NoAnswer> {
  const startedAt = performance.now()
  try {
    const response = await installation.fetch(url, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json', ...headers },
      body: JSON.stringify(eventOf(installation, assertion)),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    const text = (await readText(response, maxAnswerBytes)) ?? ''
    return { status: response.status, ...readAnswer(text), durationMs: performance.now() - startedAt }
  } catch (error) {
    // Its message may quote headers; the code of the cause says enough.
    return { kind: 'none', ...whyUnreachable(error) }
  }
}

/** Returns the event that an installation is probed with. */
export function eventOf({ issuer, client, scopes, clock }: Installation, assertion?: string): JsonObject {
  return probeEvent({ issuer, clientId: client?.clientId, scopes, nowMs: clock.now(), assertion })
}

/** Says what keeps exchanges from working, as an answer to the event shows it; undefined when nothing does. */
export function flawOf({ kind, code }: Pick<HookProbe, 'kind' | 'code'>): string | undefined {
  if (kind === 'commands' || code === 'assertion_missing') return undefined
  if (kind === 'other') return 'it answers with neither commands nor an error'
  return code === undefined
    ? 'it denies a well-formed call, for a reason that is not one of Behalf'
    : `denied: ${code}`
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
