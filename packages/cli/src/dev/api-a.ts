import { clientSecretBasic, createClient, ExchangeError } from '@behalf/client'
import { systemClock } from '@behalf/core'
import { createJwtVerifier, defaultClockToleranceSeconds, KeyCache } from '@behalf/core/internal'
import { signInAtSandbox } from '../exchange/sign-in.ts'
import { type DevOrg, parties } from './org.ts'
import { type Reply, type Service, startService } from './server.ts'

/** What API A works with. */
export interface ApiAOptions {
  readonly org: DevOrg
  readonly apiB: string
  readonly port: number
  /** Hears how each call for a user went. */
  readonly onCall: (subject: string, outcome: string) => void
  readonly onFault: (error: unknown) => void
}

const maxTokenBytes = 16_384

/**
 * API A: `GET /orders` with a user's access token asks API B for the orders of that user. `GET /try?user=LOGIN`
 * plays the application: it signs the user in and calls `/orders`.
 */
export async function startApiA({ org, apiB, port, onCall, onFault }: ApiAOptions): Promise<Service> {
  const { a, b } = org
  const verify = createJwtVerifier({
    issuers: [
      {
        issuer: a.issuer,
        audiences: [a.audience],
        algorithms: ['RS256'],
        clockToleranceSeconds: defaultClockToleranceSeconds,
        keys: new KeyCache({ issuer: a.issuer }),
      },
    ],
    clock: systemClock,
    maxBytes: maxTokenBytes,
  })
  const client = createClient({
    issuer: b.issuer,
    clientId: parties.apiA,
    auth: clientSecretBasic(org.clientSecret),
    expectedAudience: a.audience,
    allowedOrigins: [apiB],
  })

  const orders = async (assertion: string): Promise<Reply> => {
    const verified = await verify(assertion)
    if (!verified.ok) return { status: 401, body: { error: verified.fault.code } }
    const subject = String(verified.value.claims['sub'])
    try {
      const answer = await client.fetch(assertion, { scopes: [parties.scope] })(`${apiB}/orders`)
      onCall(subject, `API B answers ${answer.status}`)
      return { status: answer.status, body: Object(await answer.json()) }
    } catch (error) {
      if (!(error instanceof ExchangeError)) throw error
      onCall(subject, error.code)
      return { status: error.refusedBy === 'hook' ? 403 : 502, body: { error: error.code } }
    }
  }

  return startService(
    port,
    async ({ headers }, url) => {
      const [, bearer = ''] = /^Bearer (\S+)$/i.exec(headers.authorization ?? '') ?? []
      if (url.pathname === '/orders') return orders(bearer)
      if (url.pathname !== '/try') return { status: 404, body: { error: 'try /try or /orders' } }
      const login = url.searchParams.get('user') ?? 'alice@example.com'
      return orders(await signInAtSandbox({ issuer: a.issuer, login, appId: parties.application }))
    },
    onFault,
  )
}
