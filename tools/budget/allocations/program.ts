/**
 * Prints how many bytes of the heap one call takes, by what is called, as JSON: the growth over ten thousand calls. It is a
 * count and no time, so it is the same on every machine:
 * `node --expose-gc --no-opt --min-semi-space-size=1024 --max-semi-space-size=1024 tools/budget/allocations/program.ts`.
 * The young generation is so large that nothing is collected meanwhile, and code is not optimised, because what the
 * compiler does away with depends on when it has compiled.
 */
import { clientSecretBasic, createClient } from '@behalf/client'
import { createHook } from '@behalf/hook'
import { createVerifier } from '@behalf/verify'
import { hookBody } from '../../bench/hook-call.ts'
import { assertionClaims, delegatedClaims, startIssuer } from '../../bench/tokens.ts'

const calls = 10_000
const tokens = 64
/** Each has been forgotten by the time it comes again. */
const forgetful = { maxEntries: 2 }

const issuer = await startIssuer()
const users = Array.from({ length: tokens }, (_, index) => assertionClaims(index))
const assertions = users.map((claims) => issuer.sign(claims))
const delegated = users.map((claims, index) => issuer.sign(delegatedClaims(index, issuer.issuer, claims)))
const bodies = assertions.map((assertion) => hookBody(assertion))
const headers = new Map([['authorization', ['hook-secret-0123456789']]])

const verifierOf = async (memory: object): Promise<(call: number) => Promise<unknown>> => {
  const verifier = createVerifier({ issuer: issuer.issuer, audience: 'api://b', ...memory })
  await verifier.loadKeys()
  return (call) => verifier.verify(delegated[call % tokens] ?? '')
}
const hookOf = async (memory: object): Promise<(call: number) => Promise<unknown>> => {
  const hook = createHook({
    authenticate: { secrets: ['hook-secret-0123456789'] },
    issuers: [{ issuer: issuer.issuer, audiences: ['api://a'] }],
    clients: { '0oaApiA': { audiences: ['api://a'] } },
    ...memory,
  })
  await hook.load()
  return async (call) => {
    const { body } = await hook.handle({ headers, body: bodies[call % tokens] ?? '' })
    if (!body.startsWith('{"commands"')) throw new Error(`not exchanged: ${body}`)
  }
}
const client = createClient({
  issuer: issuer.issuer,
  tokenEndpoint: `${issuer.issuer}/v1/token`,
  clientId: '0oaApiA',
  auth: clientSecretBasic('s3cret-of-api-a'),
  fetch: async (url) => {
    const at = assertions.indexOf(new URL(url).searchParams.get('assertion') ?? '')
    return Response.json({
      access_token: delegated[at],
      token_type: 'Bearer',
      expires_in: 3600,
      scope: 'orders:read',
    })
  },
})

const subjects: Readonly<Record<string, (call: number) => Promise<unknown>>> = {
  'verify.first': await verifierOf({ verifiedTokens: forgetful }),
  'verify.repeat': await verifierOf({}),
  'hook.first': await hookOf({ verifiedTokens: forgetful }),
  'hook.repeat': await hookOf({}),
  'client.cached': (call) =>
    client.acquireToken({ assertion: assertions[call % tokens] ?? '', scopes: ['orders:read'] }),
}
const bytes: Record<string, number> = {}
for (const [name, work] of Object.entries(subjects)) {
  // Whatever is made once, such as what is remembered, is made now.
  for (let call = 0; call < 4 * tokens; call++) await work(call)
  if (globalThis.gc === undefined) throw new Error('run it with --expose-gc')
  globalThis.gc()
  const before = process.memoryUsage().heapUsed
  for (let call = 0; call < calls; call++) await work(call)
  bytes[name] = Math.round((process.memoryUsage().heapUsed - before) / calls)
}
issuer.stop()
console.log(JSON.stringify(bytes))
