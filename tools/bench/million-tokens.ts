/**
 * Shows hook, verifier or sidecar a million tokens, each like no other, and prints how much memory the process holds after
 * each tenth; V8 and malloc have taken what they keep after the second or third. A tenth of the tokens is signed by nobody.
 * Five minutes for hook and verifier, a quarter of an hour for the sidecar:
 * `node --expose-gc tools/bench/million-tokens.ts <hook|verify|sidecar> [<tokens>]`.
 */
import { generateSigningKey, TestIssuer } from '@behalf/testing'
import { hook } from './token-users/hook.ts'
import { sidecar } from './token-users/sidecar.ts'
import type { TokenUserMaker } from './token-users/token-user.ts'
import { verify } from './token-users/verify.ts'

const makers: Readonly<Record<string, TokenUserMaker>> = { hook, verify, sidecar }
const [name = '', count = '1000000'] = process.argv.slice(2)
const make = makers[name]
if (make === undefined || globalThis.gc === undefined)
  throw new Error('run it with --expose-gc, and say who is to be shown tokens: hook, verify or sidecar')
const tokens = Number(count)
const users = await TestIssuer.start([generateSigningKey('key-1', 'EdDSA')])
const user = make(users)

function memory(): { readonly heapBytes: number; readonly rssBytes: number } {
  globalThis.gc?.()
  globalThis.gc?.()
  const { heapUsed, rss } = process.memoryUsage()
  return { heapBytes: heapUsed, rssBytes: rss }
}

async function presentAll(from: number, to: number): Promise<void> {
  for (let index = from; index < to; index++) {
    const isHostile = index % 10 === 0
    if ((await user.present(index, isHostile)) === isHostile) throw new Error(`judged wrongly: ${index}`)
    // Timers and finalizers have their turn, as between requests of a server.
    if (index % 1_000 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
}

for (let tenth = 0; tenth < 10; tenth++) {
  const end = Math.round((tokens * (tenth + 1)) / 10)
  await presentAll(Math.round((tokens * tenth) / 10), end)
  console.log(JSON.stringify({ tokens: end, ...memory(), ...user.statistics?.() }))
}
await users.close()
