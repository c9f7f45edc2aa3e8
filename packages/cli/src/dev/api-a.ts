import { clientSecretBasic, clientSecretPost, createClient, ExchangeError } from '@behalf/client'
import { isJsonObject, parseStrictJson, readText } from '@behalf/core/internal'
import { createVerifier } from '@behalf/verify'
import type { HookKeys } from './hook-keys.ts'
import type { DevOrg } from './org.ts'
import { type Reply, type Service, startService } from './server.ts'

const maxAnswerBytes = 262_144
const maxJsonDepth = 32

/** What API A works with. */
export interface ApiAOptions {
  readonly org: DevOrg
  readonly hookKeys: HookKeys
  /** The resource of API B that it asks for. */
  readonly apiB: string
  readonly port: number
  /** Hears how each call for a user went. */
  readonly onCall: (subject: string, outcome: string) => void
  /** Hears of an exchange that brought no delegated token, by Okta's id of the token request. */
  readonly onRefusal: (requestId: string | undefined, code: string) => void
  readonly onFault: (error: unknown) => void
}

/**
 * Starts API A: `GET /orders` with a user's access token asks API B for the orders of that user. `GET /try?user=LOGIN`
 * plays the application: it signs the user in and calls `/orders`.
 */
export async function startApiA({
  org,
  hookKeys,
  apiB,
  port,
  onCall,
  onRefusal,
  onFault,
}: ApiAOptions): Promise<Service> {
  const { users, delegation, apiA } = org
  const { clientId, clientSecret = '', authentication } = apiA.app
  const verifier = createVerifier({ issuer: users.issuer, audience: users.audience, accept: ['user'] })
  const options = {
    issuer: delegation.issuer,
    clientId,
    auth: (authentication === 'client_secret_post' ? clientSecretPost : clientSecretBasic)(clientSecret),
    expectedAudience: users.audience,
    allowedOrigins: [new URL(apiB).origin],
  }
  const sealing = createClient({ ...options, seal: { jwksUri: hookKeys.jwksUri } })
  // For a configuration that does not open seals; `dev` says so.
  const bare = createClient(options)

  const orders = async (authorization: string | undefined): Promise<Reply> => {
    const values = { authorization: authorization === undefined ? [] : [authorization], dpop: [] }
    const caller = { method: 'GET', url: '/orders', header: (name: keyof typeof values) => values[name] }
    const granted = await verifier.authorize(caller)
    if (!granted.ok) {
      const { status, headers, error } = granted.refusal
      return { status, headers, body: { error: error.code } }
    }
    const { subject, token } = granted.access
    try {
      const client = (await hookKeys.areThere()) ? sealing : bare
      const answer = await client.fetch(token, { scopes: [apiA.scope] })(apiB)
      onCall(subject, `API B answers ${answer.status}`)
      return { status: answer.status, body: await readReply(answer) }
    } catch (error) {
      if (!(error instanceof ExchangeError)) throw error
      onCall(subject, error.code)
      onRefusal(error.requestId, error.code)
      return { status: error.refusedBy === 'hook' ? 403 : 502, body: { error: error.code } }
    }
  }

  return startService(
    port,
    async ({ headers }, url) => {
      if (url.pathname === '/orders') return orders(headers.authorization)
      if (url.pathname !== '/try') return { status: 404, body: { error: 'try /try or /orders' } }
      const login = url.searchParams.get('user') ?? org.sandbox.users[0]?.login ?? ''
      const token = await org.sandbox.userToken({ login, server: users.id })
      return orders(`Bearer ${token}`)
    },
    onFault,
  )
}

/** What API B answers is its own affair; what is no JSON object is passed on as text. */
async function readReply(answer: Response): Promise<object> {
  const text = (await readText(answer, maxAnswerBytes)) ?? ''
  const parsed = parseStrictJson(text, maxJsonDepth)
  return parsed.ok && isJsonObject(parsed.value) ? parsed.value : { text }
}
