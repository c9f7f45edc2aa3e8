import type { Fetch, JsonObject } from '@behalf/core'
import { isJsonObject, parseCompactJws, parseStrictJson, readText } from '@behalf/core/internal'
import { whyUnreachable } from '../okta/unreachable.ts'
import { CommandError } from '../terminal/command.ts'
import type { Bench, TokenOutcome, Trial } from './experiment.ts'
import type { ProbeHook } from './hook-server.ts'
import { probeScope } from './throwaway.ts'

const timeoutMs = 15_000
const maxAnswerBytes = 262_144
const maxTokenBytes = 65_536

/** With what a bench asks. */
export interface BenchParts {
  readonly issuer: string
  readonly audience: string
  readonly clientId: string
  readonly clientSecret: string
  readonly hook: ProbeHook
  readonly fetch: Fetch
  /** Ends the run: no further request is made. */
  readonly signal: AbortSignal
}

/** Makes the bench of a run. Requests are made one after the other: the hook answers each as its trial says. */
export function createBench(parts: BenchParts): Bench {
  const { issuer, audience, clientId, clientSecret, hook } = parts
  const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`
  const post = async (path: string, body: URLSearchParams): Promise<{ status: number; body: JsonObject }> => {
    if (parts.signal.aborted) throw new CommandError('the probe was stopped')
    const response = await parts.fetch(`${issuer}/v1/${path}`, {
      method: 'POST',
      headers: { accept: 'application/json', authorization },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    const parsed = parseStrictJson((await readText(response, maxAnswerBytes)) ?? '', 16)
    return { status: response.status, body: parsed.ok && isJsonObject(parsed.value) ? parsed.value : {} }
  }
  return {
    audience,
    clientId,
    async requestToken({ commands = [], query = {}, body = {} }: Trial = {}): Promise<TokenOutcome> {
      hook.answer(commands)
      const search = new URLSearchParams(query).toString()
      const form = new URLSearchParams({ grant_type: 'client_credentials', scope: probeScope, ...body })
      try {
        const { status, body: answer } = await post(search === '' ? 'token' : `token?${search}`, form)
        const { access_token: issued } = answer
        const token = typeof issued === 'string' ? issued : undefined
        return { status, error: codeOf(answer), token, claims: claimsOf(token), event: hook.takeEvent() }
      } catch (error) {
        if (error instanceof CommandError) throw error
        const { code } = whyUnreachable(error)
        return { status: 0, error: code, token: undefined, claims: undefined, event: hook.takeEvent() }
      }
    },
    async present(endpoint, token) {
      try {
        return await post(endpoint, new URLSearchParams({ token, token_type_hint: 'access_token' }))
      } catch (error) {
        if (error instanceof CommandError) throw error
        throw new CommandError(`/${endpoint} gave no answer: ${whyUnreachable(error).code}`)
      }
    },
  }
}

/** A code is a word; whatever else stands in its place is not told. */
function codeOf({ error, errorCode }: JsonObject): string | undefined {
  return [error, errorCode].find((code) => typeof code === 'string' && /^\w{1,40}$/.test(code))?.toString()
}

function claimsOf(token: string | undefined): JsonObject | undefined {
  const parsed = token === undefined ? undefined : parseCompactJws(token, maxTokenBytes)
  return parsed?.ok ? parsed.value.payload : undefined
}
