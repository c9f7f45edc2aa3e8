import { createHash, randomBytes } from 'node:crypto'
import type { LiveOrg } from './live-org.ts'
import type { App } from './org/app.ts'
import type { AuthorizationServer } from './org/authorization-server.ts'
import type { JsonObject } from './org/json.ts'
import { check } from './shape/check.ts'
import { jsonObject } from './shape/json-shape.ts'
import { list, object, optional, type Shape, text } from './shape/shape.ts'
import { chooseSignIn } from './sign-in-choice.ts'
import { signIn } from './testing.ts'

/** Whose token it is to be, and of what kind. */
export interface UserTokenOptions {
  readonly login: string
  /** The client id of the app that the user signs in to. Default: the first one that the policy lets sign the user in. */
  readonly app?: string
  /** The id of the authorization server. Default: the first one whose policy lets people sign in. */
  readonly server?: string
  /** Default: those of the server's own that the policy grants, or `openid` when there are none. */
  readonly scopes?: readonly string[]
  /** Claims of this one token; they win over all others. Default: none. */
  readonly claims?: JsonObject
  /** How the user signs in, as `amr` has it. Default: what the org knows of the user. */
  readonly amr?: readonly string[]
}

const shape: Shape<UserTokenOptions> = object({
  login: text,
  app: optional(text),
  server: optional(text),
  scopes: optional(list(text)),
  claims: optional(jsonObject),
  amr: optional(list(text)),
})

/**
 * Signs a user in over HTTP, inline hooks included, and returns the access token.
 *
 * @param options - {@link UserTokenOptions}, from wherever they come
 * @param fetch - reaches the org by its own URL
 * @throws TypeError when options name what the org does not have; Error when the org refuses
 */
export async function requestUserToken(
  org: LiveOrg,
  options: unknown,
  fetch: typeof globalThis.fetch,
): Promise<string> {
  const { claims = {}, amr, ...wanted } = check(shape, options, 'there is no such token')
  const { login } = wanted
  const { server, app, scopes } = chooseSignIn(org, wanted)
  const redirectUri = app.redirectUris.find((uri) => !uri.includes('*')) ?? ''
  const verifier = randomBytes(32).toString('base64url')
  const query = new URLSearchParams({
    client_id: app.clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: scopes.join(' '),
    state: 'sandbox',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  })
  const authorizationUrl = `${server.issuer}/v1/authorize?${query}`
  const callback = await signIn({ authorizationUrl, login, fetch, ...(amr === undefined ? {} : { amr }) })
  const code = callback.searchParams.get('code')
  if (code === null) throw refusal(callback.searchParams)
  org.claimsOfCode.set(code, claims)
  try {
    return await redeem(server, app, { code, redirect_uri: redirectUri, code_verifier: verifier }, fetch)
  } finally {
    org.claimsOfCode.delete(code)
  }
}

async function redeem(
  { issuer }: AuthorizationServer,
  { clientId, auth }: App,
  grant: Readonly<Record<string, string>>,
  fetch: typeof globalThis.fetch,
): Promise<string> {
  const secret = auth.method === 'client_secret_post' ? { client_secret: auth.clientSecret } : {}
  const response = await fetch(`${issuer}/v1/token`, {
    method: 'POST',
    headers:
      auth.method === 'client_secret_basic' ? { authorization: basic(clientId, auth.clientSecret) } : {},
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: clientId,
      ...secret,
      ...grant,
    }),
  })
  const answer = Object(await response.json())
  if (response.ok) return String(answer.access_token)
  throw refusal(new URLSearchParams(answer))
}

/** RFC 6749 §2.3.1: both are encoded as in a form first. */
function basic(clientId: string, clientSecret: string): string {
  const pair = [clientId, clientSecret].map((text) => new URLSearchParams({ text }).toString().slice(5))
  return `Basic ${Buffer.from(pair.join(':')).toString('base64')}`
}

function refusal(answer: URLSearchParams): Error {
  const told = [answer.get('error'), answer.get('error_description')].filter((text) => text !== null)
  return new Error(`the org gives no token: ${told.join(': ')}`)
}
