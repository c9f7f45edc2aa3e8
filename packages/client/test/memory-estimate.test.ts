import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { clientSecretBasic, createClient } from '@behalf/client'
import { delegatedClaims, encodePart, type LooseObject, ManualClock, userClaims } from '@behalf/testing'
import { expect, test } from 'vitest'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

function heapBytes(): number {
  for (let times = 0; times < 4; times++) collectGarbage()
  return process.memoryUsage().heapUsed
}

const issuer = 'https://example.okta.com/oauth2/behalf'

/** The client does not verify signatures, and thousands take their time. */
const tokenOf = (claims: LooseObject): string =>
  `${encodePart({ alg: 'RS256', kid: 'key-1' })}.${encodePart(claims)}.${'A'.repeat(342)}`

/** A client whose issuer answers each assertion with a token that has so many characters more than it needs. */
function startClient(clock: ManualClock, padding: number, scopes: readonly string[]) {
  const fetch = async (url: string): Promise<Response> => {
    const assertion = new URL(url).searchParams.get('assertion') ?? ''
    const { iss, sub, exp, jti } = JSON.parse(
      Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString(),
    )
    const claims = delegatedClaims(clock.seconds, {
      iss: issuer,
      cid: '0oaApiA',
      sub,
      scp: scopes,
      act: { sub: '0oaApiA' },
      assertion: { iss, sub, exp, jti, note: 'n'.repeat(padding) },
    })
    return Response.json({ access_token: tokenOf(claims), token_type: 'Bearer', expires_in: 300 })
  }
  return createClient({
    issuer,
    clientId: '0oaApiA',
    auth: clientSecretBasic('secret'),
    tokenEndpoint: `${issuer}/v1/token`,
    cache: { maxEntries: 100_000, maxBytes: 2 ** 32 },
    clock,
    fetch,
  })
}

test.each([
  ['small tokens', 0, ['orders:read']],
  ['tokens of 3 KB', 1_800, ['orders:read', 'orders:write', 'stock:read']],
  ['tokens of 12 KB', 8_000, ['orders:read']],
])('what %s take is estimated within 20 %%', async (_, padding, scopes) => {
  const clock = new ManualClock()
  const client = startClient(clock, padding, scopes)
  const fill = async (from: number, to: number): Promise<void> => {
    for (let user = from; user < to; user++) {
      const claims = userClaims(clock.seconds, {
        iss: 'https://example.okta.com/oauth2/users',
        sub: `user-${user}@example.com`,
        jti: `AT.${user}`,
      })
      await client.acquireToken({ assertion: tokenOf(claims), scopes })
    }
  }
  // What the first calls leave behind, compiled code and the like, is no token's.
  await fill(0, 500)
  const [heapBefore, estimateBefore] = [heapBytes(), client.statistics().bytes]
  await fill(500, 2_500)
  const taken = heapBytes() - heapBefore
  const estimated = client.statistics().bytes - estimateBefore
  expect(estimated / taken).toBeGreaterThan(0.8)
  expect(estimated / taken).toBeLessThan(1.2)
})
