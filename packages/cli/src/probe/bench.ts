import type { Clock, Fetch, JsonObject } from '@behalf/core'
import { isJsonObject, parseCompactJws, parseStrictJson, pause, readText } from '@behalf/core/internal'
import type { ManagementApi } from '../okta/management-api.ts'
import { textAt } from '../okta/members.ts'
import { whyUnreachable } from '../okta/unreachable.ts'
import { hooksPath } from '../provisioning/hook-steps.ts'
import { CommandError } from '../terminal/command.ts'
import type { ProbeHook } from './hook-server.ts'
import { markOfRun, nameOfRun } from './mark.ts'
import type { AskPerson, Bench, Throwaway, TokenOutcome, Trial } from './question.ts'
import { trace } from './questions/commands.ts'
import { probeScope } from './throwaway.ts'

const timeoutMs = 15_000
const maxAnswerBytes = 262_144
const maxTokenBytes = 65_536
const logPauseMs = 2_000
const tooMany = 429

/** With what a bench asks. */
export interface BenchParts {
  readonly runId: string
  readonly api: ManagementApi
  readonly made: Throwaway
  readonly audience: string
  readonly hook: ProbeHook
  readonly hookUri: string
  readonly fetch: Fetch
  readonly clock: Clock
  /** How long Okta waits for a hook. Default 3000. */
  readonly hookLimitMs?: number
  /** How long a change is given until all of Okta knows of it. Default: no time. */
  readonly settleMs?: number
  /** How long events of the System Log are waited for. Default a minute. */
  readonly logPatienceMs?: number
  /** Absent when nobody is asked to sign in. */
  readonly askPerson?: AskPerson | undefined
  /** Ends the run: no further request is made. */
  readonly signal: AbortSignal
}

/** Makes the bench of a run. Requests are made one after the other: the hook answers each as its trial says. */
export function createBench(parts: BenchParts): Bench {
  const {
    runId,
    api,
    made,
    audience,
    hook,
    hookUri,
    clock,
    hookLimitMs = 3000,
    logPatienceMs = 60_000,
    settleMs = 0,
  } = parts
  const { issuer, clientId, clientSecret } = made
  const startedAt = clock.now()
  const own = new Set([
    `/api/v1/authorizationServers/${made.serverId}`,
    `${hooksPath}/${made.hookId}`,
    ...[made.clientId, made.nativeClientId].map((id) => `/api/v1/apps/${id}`),
  ])
  const goOn = (): void => {
    if (parts.signal.aborted) throw new CommandError('the probe was stopped')
  }
  const post = async (
    path: string,
    body: URLSearchParams,
    { id = clientId, secret = clientSecret, inBody = false }: Trial['credentials'] = {},
  ): Promise<{ status: number; body: JsonObject }> => {
    goOn()
    if (inBody) {
      body.set('client_id', id)
      body.set('client_secret', secret)
    }
    const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`
    const response = await parts.fetch(`${issuer}/v1/${path}`, {
      method: 'POST',
      headers: { accept: 'application/json', ...(inBody ? {} : { authorization }) },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    const parsed = parseStrictJson((await readText(response, maxAnswerBytes)) ?? '', 16)
    return { status: response.status, body: parsed.ok && isJsonObject(parsed.value) ? parsed.value : {} }
  }
  const bench: Bench = {
    made,
    audience,
    hookUri,
    hook,
    hookLimitMs,
    mark: markOfRun(runId),
    nameOf: (what) => `${nameOfRun(runId)} ${what}`.trim(),
    async requestToken(trial: Trial = {}): Promise<TokenOutcome> {
      const { answer = trace.answer, query = {}, body = {}, scope = probeScope } = trial
      await hook.answer(answer)
      const search = new URLSearchParams(query).toString()
      const form = new URLSearchParams({ grant_type: 'client_credentials', scope, ...body })
      try {
        const asked = await post(search === '' ? 'token' : `token?${search}`, form, trial.credentials)
        const { status, body: told } = asked
        const { access_token: issued } = told
        const token = typeof issued === 'string' ? issued : undefined
        if (status === tooMany)
          throw new CommandError('Okta limits the rate of token requests; ask again later')
        const { event } = await hook.seen()
        const isEnvelope = typeof told['errorCode'] === 'string'
        return { status, error: codeOf(told), isEnvelope, token, claims: claimsOf(token), event }
      } catch (error) {
        if (error instanceof CommandError) throw error
        const { code } = whyUnreachable(error)
        if (trial.mayBreakOff !== true) throw new CommandError(`the token endpoint gave no answer: ${code}`)
        const { event } = await hook.seen()
        return { status: 0, error: code, isEnvelope: false, token: undefined, claims: undefined, event }
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
    askPerson: parts.askPerson,
    async post(path, body) {
      goOn()
      const init = {
        method: 'POST',
        body,
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      } as const
      try {
        return (await readText(await parts.fetch(`${issuer}${path}`, init), maxAnswerBytes)) ?? ''
      } catch (error) {
        throw new CommandError(`${path} gave no answer: ${whyUnreachable(error).code}`)
      }
    },
    async visit(path, headers = {}) {
      goOn()
      const init = { headers, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) } as const
      try {
        return await parts.fetch(`${issuer}${path}`, init)
      } catch (error) {
        throw new CommandError(`${path.split('?', 1)[0]} gave no answer: ${whyUnreachable(error).code}`)
      }
    },
    async settle() {
      if (settleMs > 0) await pause(clock, settleMs)
    },
    async manage(method, path, body) {
      goOn()
      requireOwn(method, path, own)
      const answer = await api.ask(method, path, body)
      const id = textAt(answer.document, 'id')
      if (method === 'POST' && id !== '') own.add(`${path}/${id}`)
      return answer
    },
    putBack: (method, path, body) => bench.manage(method, path, body),
    shared: {},
    async awaitLog(find) {
      const since = new Date(startedAt - 60_000).toISOString()
      const endsAt = clock.now() + logPatienceMs
      for (;;) {
        const { documents } = await bench.manage(
          'GET',
          `/api/v1/logs?limit=1000&sortOrder=DESCENDING&since=${since}`,
        )
        if (find(documents) || clock.now() > endsAt) return documents
        await pause(clock, Math.min(logPauseMs, logPatienceMs / 4))
      }
    },
  }
  return bench
}

/** Collections into which a run puts what is its own. */
const collections: readonly string[] = [hooksPath, '/api/v1/apps', '/api/v1/hook-keys']

/** What a run did not make is read, never changed: a slip of ours must not reach an org. */
function requireOwn(method: string, path: string, own: ReadonlySet<string>): void {
  const isOwn = [...own].some((made) => path === made || path.startsWith(`${made}/`))
  if (method === 'GET' || isOwn || (method === 'POST' && collections.includes(path))) return
  throw new TypeError(`a probe does not ${method} ${path}, which it has not made`)
}

/** A code is a word; whatever else stands in its place is not told. */
function codeOf({ error, errorCode }: JsonObject): string | undefined {
  return [error, errorCode].find((code) => typeof code === 'string' && /^\w{1,40}$/.test(code))?.toString()
}

function claimsOf(token: string | undefined): JsonObject | undefined {
  const parsed = token === undefined ? undefined : parseCompactJws(token, maxTokenBytes)
  return parsed?.ok ? parsed.value.payload : undefined
}
