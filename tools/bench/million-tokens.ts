/**
 * Has one sidecar exchange a million subject tokens, each like no other, and prints how much memory it holds after each
 * tenth; V8 and malloc have taken what they keep after the second or third. A tenth of the requests is hostile. A quarter of
 * an hour: `node --expose-gc tools/bench/million-tokens.ts [<tokens>]`.
 */
import { clientSecretBasic, createClient } from '@behalf/client'
import { createTokenEndpoint } from '@behalf/sidecar'
import { delegatedClaims, encodePart, generateSigningKey, TestIssuer, userClaims } from '@behalf/testing'
import { createVerifier } from '@behalf/verify'

const tokens = Number(process.argv[2] ?? 1_000_000)
const key = generateSigningKey('key-1', 'EdDSA')
const users = await TestIssuer.start([key])
const okta = 'https://example.okta.com/oauth2/behalf'
const nowSeconds = (): number => Math.floor(Date.now() / 1000)

/** Okta's token endpoint and its hook, without a network; the client does not look at signatures. */
async function answerTokenRequest(url: string): Promise<Response> {
  const [, payload = ''] = new URL(url).searchParams.get('assertion')?.split('.') ?? []
  const assertion = JSON.parse(Buffer.from(payload, 'base64url').toString())
  const claims = delegatedClaims(nowSeconds(), { iss: okta, sub: assertion.sub, aud: 'api://b', assertion })
  const accessToken = `${encodePart({ alg: 'EdDSA', kid: 'key-1' })}.${encodePart(claims)}.${'A'.repeat(86)}`
  return Response.json({ access_token: accessToken, token_type: 'Bearer', expires_in: 3600 })
}

const client = createClient({
  issuer: okta,
  tokenEndpoint: `${okta}/v1/token`,
  clientId: '0oaApiA',
  auth: clientSecretBasic('secret-of-api-a'),
  fetch: answerTokenRequest,
})
const exchange = createTokenEndpoint({
  verifier: createVerifier({
    issuer: users.issuer,
    audience: 'api://a',
    accept: ['user'],
    algorithms: ['EdDSA'],
  }),
  client,
  targets: { 'api://b': {} },
  callers: 'loopback',
})

async function ask(index: number): Promise<void> {
  const claims = userClaims(nowSeconds(), { jti: `AT.${index}`, sub: `user-${index}@example.com` })
  const subject = users.sign(claims)
  const isHostile = index % 10 === 0
  const response = await exchange(
    new Request('http://127.0.0.1/token', {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        subject_token: isHostile ? subject.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A')) : subject,
      }),
    }),
  )
  const body = await response.text()
  if (body.includes('"access_token"') === isHostile) throw new Error(`answered wrongly: ${body}`)
}

function memory(): { readonly heapBytes: number; readonly rssBytes: number } {
  if (globalThis.gc === undefined) throw new Error('run it with --expose-gc')
  globalThis.gc()
  globalThis.gc()
  const { heapUsed, rss } = process.memoryUsage()
  return { heapBytes: heapUsed, rssBytes: rss }
}

async function exchangeAll(from: number, to: number): Promise<void> {
  for (let index = from; index < to; index++) {
    await ask(index)
    // Timers and finalizers have their turn, as between requests of a server.
    if (index % 1_000 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
}

for (let tenth = 0; tenth < 10; tenth++) {
  const end = Math.round((tokens * (tenth + 1)) / 10)
  await exchangeAll(Math.round((tokens * tenth) / 10), end)
  console.log(JSON.stringify({ tokens: end, ...memory(), ...client.statistics() }))
}
await users.close()
