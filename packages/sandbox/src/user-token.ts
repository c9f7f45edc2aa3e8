import { createHash, randomBytes } from 'node:crypto'
import type { LiveOrg } from './live-org.ts'
import type { App } from './org/app.ts'
import type { AuthorizationServer } from './org/authorization-server.ts'
import type { JsonObject } from './org/json.ts'
import { check } from './shape/check.ts'
import { jsonObject } from './shape/json-shape.ts'
import { list, object, optional, type Shape, text } from './shape/shape.ts'
import { signIn } from './testing.ts'

/** Whose token it is to be, and of what kind. */
export interface UserTokenOptions {
  readonly login: string
  /** The client id of the app that the user signs in to. Default: the first one that people can sign in to. */
  readonly app?: string
  /** The id of the authorization server. Default: the first one. */
  readonly server?: string
  /** Default: the server's own scopes, or `openid` when it has none. */
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
 * @throws TypeError when options name what the org does not have; Error when the org refuses
 */
export async function requestUserToken(org: LiveOrg, options: UserTokenOptions): Promise<string> {
  const { login, claims = {}, amr, ...asked } = check(shape, options, 'there is no such token')
  const server = findServer(org, asked.server)
  const app = findApp(org, asked.app)
  if ([...org.users.values()].every((user) => user.login !== login))
    throw new TypeError(`login: the org has no user '${login}'`)
  const own = server.scopes.filter(({ system }) => !system).map(({ name }) => name)
  const scopes = asked.scopes ?? (own.length === 0 ? ['openid'] : own)
  const [redirectUri = ''] = app.redirectUris
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
  const callback = await signIn({ authorizationUrl, login, ...(amr === undefined ? {} : { amr }) })
  const code = callback.searchParams.get('code')
  if (code === null) throw refusal(callback.searchParams)
  org.claimsOfCode.set(code, claims)
  try {
    return await redeem(server, app, { code, redirect_uri: redirectUri, code_verifier: verifier })
  } finally {
    org.claimsOfCode.delete(code)
  }
}

async function redeem(
  { issuer }: AuthorizationServer,
  { clientId, auth }: App,
  grant: Readonly<Record<string, string>>,
): Promise<string> {
  const secret = 'clientSecret' in auth ? { client_secret: auth.clientSecret } : {}
  const response = await fetch(`${issuer}/v1/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: clientId,
      ...secret,
      ...grant,
    }),
  })
  const answer = Object(await response.json())
  if (response.ok) return String(answer.access_token)
  throw refusal(new URLSearchParams({ error: answer.error, error_description: answer.error_description }))
}

function refusal(answer: URLSearchParams): Error {
  return new Error(`the org gives no token: ${answer.get('error')}: ${answer.get('error_description')}`)
}

function findServer({ authorizationServers: servers }: LiveOrg, id?: string): AuthorizationServer {
  const [first] = servers.values()
  const found = id === undefined ? first : servers.get(id)
  if (found === undefined) throw new TypeError(`server: the org has no authorization server '${id ?? ''}'`)
  return found
}

function findApp({ apps }: LiveOrg, clientId?: string): App {
  const found =
    clientId === undefined
      ? [...apps.values()].find(({ redirectUris }) => redirectUris.length > 0)
      : apps.get(clientId)
  if (found === undefined || found.redirectUris.length === 0)
    throw new TypeError(`app: the org has no app '${clientId ?? ''}' that people can sign in to`)
  if (found.auth.method === 'private_key_jwt')
    throw new TypeError('app: the sandbox has no private key of this app')
  return found
}
