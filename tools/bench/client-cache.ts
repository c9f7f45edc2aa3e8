/**
 * Measures what a cached token costs API A, for assertions of several sizes, beside the digest of the
 * assertion alone; and the hit rate of a load with many users. Run it from the repository's root:
 * `npx node bench/client-cache.ts`.
 */
import { createHash, hash } from 'node:crypto'
import { clientSecretBasic, createClient } from '@behalf/client'
import { delegatedClaims, generateSigningKey, signJwt, userClaims } from '@behalf/testing'

const rounds = 21
const callsPerRound = 20_000
const issuer = 'https://example.okta.com/oauth2/default'
const scopes = ['orders:read', 'orders:write']
const key = generateSigningKey('key-1', 'EdDSA')
const nowSeconds = Math.floor(Date.now() / 1000)

/** Okta's token endpoint and its hook, without a network. */
async function answerTokenRequest(url: string): Promise<Response> {
  const assertion = new URL(url).searchParams.get('assertion') ?? ''
  const origin = JSON.parse(Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString())
  const claims = delegatedClaims(nowSeconds, {
    iss: issuer,
    sub: origin.sub,
    assertion: origin,
    exp: nowSeconds + 3600,
  })
  return Response.json({ access_token: signJwt(key, claims), token_type: 'Bearer', expires_in: 3600 })
}

const client = createClient({
  issuer,
  clientId: '0oaApiA',
  auth: clientSecretBasic('secret'),
  tokenEndpoint: `${issuer}/v1/token`,
  fetch: answerTokenRequest,
})

function userToken(user: number, padding: number): string {
  const claims = {
    iss: 'https://users.example',
    sub: `user-${user}@example.com`,
    groups: 'g'.repeat(padding),
  }
  return signJwt(key, userClaims(nowSeconds, claims))
}

/** The median time of a call, in microseconds. */
async function measure(call: () => unknown): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const begun = performance.now()
    for (let index = 0; index < callsPerRound; index++) await call()
    times.push(((performance.now() - begun) * 1000) / callsPerRound)
  }
  return times.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? Number.NaN
}

for (const padding of [200, 900, 2400, 9000]) {
  const assertion = userToken(0, padding)
  await client.acquireToken({ assertion, scopes })
  const cached = await measure(() => client.acquireToken({ assertion, scopes }))
  const digest = await measure(() => hash('sha256', assertion, 'base64url'))
  const streamed = await measure(() => createHash('sha256').update(assertion).digest('base64url'))
  console.log(
    `assertion of ${assertion.length} bytes: cached token ${cached.toFixed(1)} µs (budget 15), digest alone ${digest.toFixed(1)} µs, createHash ${streamed.toFixed(1)} µs`,
  )
}

/** Users come back by a steep curve: a few call often, most seldom. */
const users = 20_000
const assertions = Array.from({ length: users }, (_, user) => userToken(user, 400))
const before = client.statistics()
const loadCalls = 200_000
for (let index = 0; index < loadCalls; index++) {
  const user = Math.floor(users * Math.random() ** 4)
  await client.acquireToken({ assertion: assertions[user] ?? '', scopes })
}
const after = client.statistics()
const misses = after.misses - before.misses
const hitRate = (100 * (1 - misses / loadCalls)).toFixed(1)
const size = `${after.entries} entries, ${(after.bytes / 2 ** 20).toFixed(1)} MiB, ${after.evictions} evictions`
console.log(`${loadCalls} calls of ${users} users: hit rate ${hitRate} %, ${size}`)
