import type { Json, JsonObject } from '@behalf/core'
import { isJsonObject, isLoopback, parseStrictJson, readText } from '@behalf/core/internal'
import { whyUnreachable } from '../okta/unreachable.ts'
import { CommandError, type Terminal, UsageError } from '../terminal/command.ts'

const maxAnswerBytes = 262_144
const maxJsonDepth = 8
const timeoutMs = 5_000

/** Whose token it is to be; the sandbox finds what is not named. */
export interface UserTokenRequest {
  readonly login: string
  readonly server: string | undefined
  readonly app: string | undefined
  readonly scopes: readonly string[]
}

/** A sandbox that runs in another process, and what it does beyond Okta. */
export class RunningSandbox {
  readonly #origin: string
  readonly #token: string | undefined

  /** @param token - of its management API; users' tokens need none */
  constructor(origin: string, token?: string) {
    this.#origin = origin
    this.#token = token
  }

  /** Signs a user in and returns the access token. */
  async userToken({ login, server, app, scopes }: UserTokenRequest): Promise<string> {
    const answer = await this.call('POST', '/sandbox/tokens', {
      login,
      ...(server === undefined ? {} : { server }),
      ...(app === undefined ? {} : { app }),
      ...(scopes.length === 0 ? {} : { scopes: [...scopes] }),
    })
    const token = isJsonObject(answer) ? answer['access_token'] : undefined
    if (typeof token !== 'string') throw new CommandError('the sandbox answered without a token')
    return token
  }

  async call(method: string, path: string, body?: JsonObject): Promise<Json> {
    let response: Response
    let text: string | undefined
    try {
      response = await fetch(new URL(path, this.#origin), {
        method,
        headers: {
          'content-type': 'application/json',
          ...(this.#token === undefined ? {} : { authorization: `SSWS ${this.#token}` }),
        },
        signal: AbortSignal.timeout(timeoutMs),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      text = await readText(response, maxAnswerBytes)
    } catch (error) {
      const { code, remedy } = whyUnreachable(error)
      throw new CommandError(`the sandbox cannot be reached: ${code}; ${remedy}`)
    }
    const parsed = text ? parseStrictJson(text, maxJsonDepth) : undefined
    const answer = parsed?.ok ? parsed.value : {}
    if (response.ok) return answer
    const summary = isJsonObject(answer) ? answer['errorSummary'] : undefined
    throw new CommandError(
      `the sandbox refuses it: ${typeof summary === 'string' ? summary : response.status}`,
    )
  }
}

/**
 * Finds a sandbox: on this machine whatever is there, elsewhere what says that it is one. So nobody else is told a token
 * or who signs in.
 *
 * @param token - of its management API
 */
export async function findSandbox(url: string, token?: string): Promise<RunningSandbox | undefined> {
  if (isLoopback(new URL(url).hostname)) return new RunningSandbox(url, token)
  try {
    const health = await new RunningSandbox(url).call('GET', '/healthz')
    const isSandbox = isJsonObject(health) && health['service'] === 'sandbox'
    return isSandbox ? new RunningSandbox(url, token) : undefined
  } catch (error) {
    if (error instanceof CommandError) return undefined
    throw error
  }
}

/** Finds a sandbox; see {@link findSandbox}. @throws UsageError when there is none */
export async function requireSandbox(url: string, token?: string): Promise<RunningSandbox> {
  const found = await findSandbox(url, token)
  if (found !== undefined) return found
  throw new UsageError('there is no sandbox that answers at --sandbox; check the URL and the way to it')
}

/** Returns the token of a sandbox's management API. */
export function readApiToken({ env }: Pick<Terminal, 'env'>): string {
  const token = env['OKTA_API_TOKEN']
  if (token) return token
  throw new UsageError('OKTA_API_TOKEN is not set; the sandbox prints it when it starts, a new one each time')
}
