import { type ClientAuth, createClient, ExchangeError, type SealOptions } from '@behalf/client'
import { type ErrorCode, errorTable, type Json, type JsonObject } from '@behalf/core'
import {
  type InsecureHosts,
  isJsonObject,
  parseCompactJws,
  parseStrictJson,
  runtimeFetch,
} from '@behalf/core/internal'
import { createVerifier, TokenError } from '@behalf/verify'
import { plainCauses } from './plain-cause.ts'

/** One exchange to try. */
export interface AttemptOptions {
  readonly issuer: string
  readonly clientId: string
  readonly auth: ClientAuth
  /** What the assertion is sealed for; it travels as it is by default. */
  readonly seal?: SealOptions
  readonly assertion: string
  readonly scopes: readonly string[]
  /** Which API the token is for; the client's only one by default. */
  readonly resource?: string | undefined
  /** What API B calls itself; the resource, else the token's own `aud` by default. */
  readonly audience?: string | undefined
  /** What may be spoken to over plain http, besides this machine. */
  readonly insecureHosts: InsecureHosts
}

/** How an exchange ended. No token is in it, only decoded claims. */
export interface Attempt {
  /** `permit`: a delegated token; `deny`: the hook refused; `plain`: Okta issued a token without a user; `failed`: anything else. */
  readonly decision: 'permit' | 'deny' | 'plain' | 'failed'
  readonly code?: ErrorCode
  /** What the code means, or what Okta passed on from the hook. */
  readonly reason?: string
  /** Whether the user's token was sealed; else it stood in the URL as it is. */
  readonly sealed: boolean
  /** The claims of the user's token; undefined when it cannot be decoded. */
  readonly assertion: JsonObject | undefined
  /** The claims of the token that Okta issued, whatever kind it is. */
  readonly token: JsonObject | undefined
  /** What an API B that uses `@behalf/verify` makes of that token: `accepts`, or the code of its refusal. */
  readonly apiB: 'accepts' | ErrorCode | undefined
  /** Which rule the token broke for API B, when the code alone does not say. */
  readonly apiBDetail?: string | undefined
  readonly durationMs: number
}

const maxTokenBytes = 65_536
const maxJsonDepth = 32

/** Does one exchange through `@behalf/client`, as API A would, and shows what the SDK keeps to itself. */
export async function attemptExchange(options: AttemptOptions): Promise<Attempt> {
  const { assertion, scopes, resource, audience, insecureHosts, ...client } = options
  let answer: string | undefined
  const { acquireToken } = createClient({
    ...client,
    ...named(insecureHosts),
    fetch: async (url, init) => {
      const response = await runtimeFetch(url, init)
      if (init.method === 'POST') answer = await response.clone().text()
      return response
    },
    onWarning: () => {},
  })
  const startedAt = performance.now()
  const outcome = await acquireToken({
    assertion,
    scopes,
    ...(resource === undefined ? {} : { resource }),
  }).then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof ExchangeError) return error
      throw error
    },
  )
  const durationMs = Math.round(performance.now() - startedAt)
  const { access_token: token, error_description: description } = readAnswer(answer)
  return {
    ...describeOutcome(outcome, description),
    sealed: options.seal !== undefined,
    assertion: decode(assertion),
    token: typeof token === 'string' ? decode(token) : undefined,
    ...(typeof token === 'string' ? await askApiB(token, options) : { apiB: undefined }),
    durationMs,
  }
}

function describeOutcome(
  error: ExchangeError | undefined,
  description: Json | undefined,
): Pick<Attempt, 'decision' | 'code' | 'reason'> {
  if (error === undefined) return { decision: 'permit' }
  const { code, detail, refusedBy } = error
  if (code === 'token_undelegated') {
    return { decision: 'plain', code, reason: plainCauses }
  }
  const passedOn = typeof description === 'string' ? description.replace(`${code}: `, '') : undefined
  if (refusedBy === 'hook') return { decision: 'deny', code, reason: passedOn ?? errorTable[code].sentence }
  const told = [errorTable[code].sentence, detail, passedOn].filter((part) => part !== undefined)
  return { decision: 'failed', code, reason: told.join(' – ') }
}

function readAnswer(text: string | undefined): JsonObject {
  const parsed = text === undefined ? undefined : parseStrictJson(text, maxJsonDepth)
  return parsed?.ok && isJsonObject(parsed.value) ? parsed.value : {}
}

function decode(token: string): JsonObject | undefined {
  const parsed = parseCompactJws(token, maxTokenBytes)
  return parsed.ok ? parsed.value.payload : undefined
}

function named(hosts: InsecureHosts): { readonly insecureHosts?: readonly string[] } {
  return hosts.size === 0 ? {} : { insecureHosts: [...hosts] }
}

async function askApiB(
  token: string,
  { issuer, resource, audience, insecureHosts }: AttemptOptions,
): Promise<Pick<Attempt, 'apiB' | 'apiBDetail'>> {
  const own = decode(token)?.['aud']
  const expected = audience ?? resource ?? (typeof own === 'string' ? own : undefined)
  if (expected === undefined) return { apiB: undefined }
  try {
    await createVerifier({ issuer, audience: expected, ...named(insecureHosts) }).verify(token)
    return { apiB: 'accepts' }
  } catch (error) {
    if (error instanceof TokenError) return { apiB: error.code, apiBDetail: error.detail }
    throw error
  }
}
