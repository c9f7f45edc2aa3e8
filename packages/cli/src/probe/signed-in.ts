import { createHash, randomBytes } from 'node:crypto'
import type { JsonObject } from '@behalf/core'
import { isJsonObject, parseCompactJws, parseStrictJson } from '@behalf/core/internal'
import { CommandError } from '../terminal/command.ts'
import type { Bench, HookAnswer } from './question.ts'
import { trace } from './questions/commands.ts'
import { probeScope } from './throwaway.ts'

/** What somebody was given who has signed in. */
export interface SignedIn {
  readonly accessToken: string
  readonly refreshToken: string
  readonly access: JsonObject
  readonly identity: JsonObject
}

/** What a refresh came to. */
export interface Refreshed {
  /** OAuth's code; undefined when tokens were given. */
  readonly error: string | undefined
  readonly tokens: SignedIn | undefined
  /** What the hook was sent; undefined when it was not called. */
  readonly event: JsonObject | undefined
}

const maxTokenBytes = 65_536

/**
 * Lets a person sign in, once a run.
 *
 * @throws CommandError when nobody is asked to, or it came to nothing
 */
export function signIn(bench: Bench): Promise<SignedIn> {
  bench.shared.person ??= signInOnce(bench)
  return bench.shared.person
}

async function signInOnce(bench: Bench): Promise<SignedIn> {
  const { askPerson, made } = bench
  if (askPerson === undefined) throw new CommandError('nobody has signed in: --sign-in asks')
  const [state, verifier] = [randomBytes(16).toString('hex'), randomBytes(32).toString('base64url')]
  const query = new URLSearchParams({
    client_id: made.nativeClientId,
    response_type: 'code',
    redirect_uri: made.redirectUri,
    scope: `openid profile email offline_access ${probeScope}`,
    acr_values: assuranceAsked,
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  })
  await bench.hook.answer(trace.answer)
  const callback = await askPerson(`${made.issuer}/v1/authorize?${query}`, state)
  const code = callback.get('code')
  if (code === null) throw new CommandError(`nobody was signed in: ${wordOf(callback.get('error'))}`)
  const { tokens, error } = await redeem(bench, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: made.redirectUri,
    code_verifier: verifier,
  })
  if (tokens === undefined) throw new CommandError(`nobody was signed in: ${error ?? 'no tokens'}`)
  return tokens
}

/** The lowest level of assurance that Okta has a name for. */
export const assuranceAsked = 'urn:okta:loa:1fa:any'

/** Refreshes the person's tokens; those that it gives are the person's from then on. */
export async function refresh(
  bench: Bench,
  answer: HookAnswer = trace.answer,
  token?: string,
): Promise<Refreshed> {
  const person = await signIn(bench)
  await bench.hook.answer(answer)
  const refreshed = await redeem(bench, {
    grant_type: 'refresh_token',
    refresh_token: token ?? person.refreshToken,
    scope: `openid profile email offline_access ${probeScope}`,
  })
  if (refreshed.tokens !== undefined) bench.shared.person = Promise.resolve(refreshed.tokens)
  return refreshed
}

async function redeem(bench: Bench, grant: Readonly<Record<string, string>>): Promise<Refreshed> {
  const { nativeClientId: client_id } = bench.made
  const answer = await bench.post('/v1/token', new URLSearchParams({ client_id, ...grant }))
  const parsed = parseStrictJson(answer, 16)
  const body = parsed.ok && isJsonObject(parsed.value) ? parsed.value : {}
  const { event } = await bench.hook.seen()
  const { access_token: accessToken, refresh_token: next, id_token: idToken } = body
  if (typeof accessToken !== 'string') return { error: wordOf(body['error']), tokens: undefined, event }
  // A token that is not rotated is not given again.
  const refreshToken = typeof next === 'string' ? next : (grant['refresh_token'] ?? '')
  const tokens = { accessToken, refreshToken, access: claimsOf(accessToken), identity: claimsOf(idToken) }
  return { error: undefined, tokens, event }
}

function claimsOf(token: unknown): JsonObject {
  const parsed = typeof token === 'string' ? parseCompactJws(token, maxTokenBytes) : undefined
  return parsed?.ok ? parsed.value.payload : {}
}

function wordOf(text: unknown): string {
  return typeof text === 'string' && /^\w{1,40}$/.test(text) ? text : 'no reason'
}
