import { hash } from 'node:crypto'
import { clientSecretBasic, createClient } from '@behalf/client'
import { type Figure, figure } from '../figure.ts'
import { interleave, ratios } from '../interleave.ts'
import { assertionClaims, type BenchIssuer, delegatedClaims } from '../tokens.ts'

const users = 256

/** API A's client, the tokens of 256 users in its cache. */
export async function clientCached(issuer: BenchIssuer): Promise<readonly Figure[]> {
  const claims = Array.from({ length: users }, (_, index) => assertionClaims(index))
  const assertions = claims.map((assertion) => issuer.sign(assertion))
  const delegated = new Map(
    assertions.map((assertion, index) => [
      assertion,
      issuer.sign(delegatedClaims(index, issuer.issuer, claims[index])),
    ]),
  )
  const client = createClient({
    issuer: issuer.issuer,
    tokenEndpoint: `${issuer.issuer}/v1/token`,
    clientId: '0oaApiA',
    auth: clientSecretBasic('s3cret-of-api-a'),
    fetch: async (url) => {
      const token = delegated.get(new URL(url).searchParams.get('assertion') ?? '')
      return Response.json({
        access_token: token,
        token_type: 'Bearer',
        expires_in: 3600,
        scope: 'orders:read',
      })
    },
  })
  const acquire = (call: number): Promise<unknown> =>
    client.acquireToken({ assertion: assertions[call % users] ?? '', scopes: ['orders:read'] })
  for (let index = 0; index < users; index++) await acquire(index)
  const { cached, sha256 } = await interleave(
    { cached: acquire, sha256: (call) => hash('sha256', assertions[call % users] ?? '') },
    { callsPerRound: 1_000 },
  )
  return [
    figure('client.cachedMicros', 'µs', cached),
    figure('client.cached.vsSha256', 'times', ratios(cached, sha256)),
  ]
}
