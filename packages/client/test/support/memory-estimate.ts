/**
 * Prints by how much a client estimates what its tokens take, and by how much the heap grew: `padding scopes…`. In a
 * process of its own (`node --expose-gc`), because others change the heap, too.
 */
import { clientSecretBasic, createClient } from '@behalf/client'
import { delegatedClaims, encodePart, type LooseObject, ManualClock, userClaims } from '@behalf/testing'

const collectGarbage = globalThis.gc
if (collectGarbage === undefined) throw new Error('start this with node --expose-gc')

function heapBytes(collect: NodeJS.GCFunction): number {
  for (let times = 0; times < 4; times++) collect()
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

const [padding = '', ...scopes] = process.argv.slice(2)
const clock = new ManualClock()
const client = startClient(clock, Number(padding), scopes)

async function fill(from: number, to: number): Promise<void> {
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
const [heapBefore, estimateBefore] = [heapBytes(collectGarbage), client.statistics().bytes]
await fill(500, 1_500)
const taken = heapBytes(collectGarbage) - heapBefore
const estimated = client.statistics().bytes - estimateBefore
console.log(JSON.stringify({ estimated, taken }))
