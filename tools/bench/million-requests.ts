/**
 * Has one hook decide about a million requests, a fifth of them hostile, and prints how much memory it holds after
 * the first quarter, by when V8 and malloc have taken what they keep, and at the end: `node --expose-gc bench/million-requests.ts`.
 */
import { createHook } from '@behalf/hook'
import { hookBody } from './hook-call.ts'
import { assertionClaims, startIssuer } from './tokens.ts'

const requests = 1_000_000
const users = 4_096
const issuer = await startIssuer()
const hook = createHook(
  {
    authenticate: { secrets: ['hook-secret-0123456789'] },
    issuers: [{ issuer: issuer.issuer, audiences: ['api://a'] }],
    clients: { '0oaApiA': { audiences: ['api://a'] } },
  },
  { onDecision: (record) => JSON.stringify(record) },
)
await hook.load()
const headers = new Map([['authorization', ['hook-secret-0123456789']]])
const bodies = Array.from({ length: users }, (_, user) => hookBody(issuer.sign(assertionClaims(user))))

/** Requests that are each like no other, so that nothing which remembers what it refused could hide it. */
function hostile(index: number): { readonly headers: Map<string, string[]>; readonly body: string } {
  const header = Buffer.from(JSON.stringify({ alg: 'RS256', kid: `unknown-${index}` })).toString('base64url')
  const body = bodies[index % users] ?? ''
  switch (index % 4) {
    case 0:
      return { headers: new Map([['authorization', [`guess-${index}`]]]), body }
    case 1:
      return { headers, body: body.replace(/assertion=[^.]+/, `assertion=${header}`) }
    case 2:
      return { headers, body: body.replaceAll('0oaApiA', `0oaForeign${index}`) }
    default:
      return { headers, body: body.slice(0, index % body.length) }
  }
}

async function decide(from: number, to: number): Promise<void> {
  for (let index = from; index < to; index++) {
    const isHostile = index % 5 === 0
    const request = isHostile ? hostile(index / 5) : { headers, body: bodies[index % users] ?? '' }
    const { body } = await hook.handle(request)
    if (body.startsWith('{"commands"') === isHostile) throw new Error(`answered wrongly: ${body}`)
    // Timers and finalizers have their turn, as between requests of a server.
    if (index % 1_000 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
}

function memory(): { readonly heapBytes: number; readonly rssBytes: number } {
  if (globalThis.gc === undefined) throw new Error('run it with --expose-gc')
  globalThis.gc()
  globalThis.gc()
  const { heapUsed, rss } = process.memoryUsage()
  return { heapBytes: heapUsed, rssBytes: rss }
}

await decide(0, requests / 4)
const early = memory()
await decide(requests / 4, requests)
const late = memory()
issuer.stop()
console.log(JSON.stringify({ early, late }))
