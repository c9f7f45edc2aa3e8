import type { BehalfConfig, Delegation } from '@behalf/hook'
import { type SealingOptions, sealed } from '@behalf/hook/sealing'
import { type LooseObject, SealingPair } from '@behalf/testing'
import { authenticated, HookBench } from '@behalf/testing/hook'
import { afterAll, describe, expect, it } from 'vitest'

const bench = await HookBench.start()
afterAll(() => bench.close())
const pair = new SealingPair()
const server = 'https://example.okta.com/oauth2/default'
const orders = 'https://orders.example'
const stock = 'https://stock.example'
let seals = 0

function seal(changes: LooseObject = {}, by: SealingPair = pair): string {
  return by.seal({
    assertion: bench.assertion(),
    client_id: '0oaApiA',
    aud: server,
    iat: bench.clock.seconds,
    jti: `seal-${seals++}`,
    ...changes,
  })
}

const request = (query: string, accessClaims: LooseObject = {}) =>
  authenticated(bench.event({ url: `${server}/v1/token?${query}`, accessClaims }))

const hookWith = (options: Partial<SealingOptions> = {}, others: Partial<BehalfConfig> = {}) =>
  bench.hook({ sealing: sealed({ keys: pair.jwk, ...options }), ...others })

async function outcome(hook: ReturnType<typeof hookWith>, query: string, accessClaims?: LooseObject) {
  const { commands, debugContext } = JSON.parse((await hook.handle(request(query, accessClaims))).body)
  return commands === undefined ? debugContext.code : 'permit'
}

describe('a kid', () => {
  it.each([
    ['plain', 'k'.repeat(256)],
    ['wide', '鍵'.repeat(256)],
    ['escaped', '\u0001'.repeat(256)],
  ])('of the greatest length opens, when it is %s', async (_, kid) => {
    const by = new SealingPair(kid)
    expect(await outcome(hookWith({ keys: by.jwk }), `assertion=${seal({}, by)}`)).toBe('permit')
  })
})

describe('a point with a member more', () => {
  it.each(['kid', 'use', 'key_ops', 'alg', 'ext', 'toString'])('%s is refused', async (member) => {
    const [header = ''] = seal().split('.')
    const { epk } = JSON.parse(Buffer.from(header, 'base64url').toString())
    const text = pair.seal({}, { header: { epk: { ...epk, [member]: 'enc' } } })
    expect(await outcome(hookWith(), `assertion=${text}`)).toBe('seal_invalid')
  })
})

describe('a point', () => {
  const prime = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n
  const numberOf = (text: string): bigint => BigInt(`0x${Buffer.from(text, 'base64url').toString('hex')}`)
  const written = (value: bigint): string =>
    Buffer.from(value.toString(16).padStart(64, '0'), 'hex').toString('base64url')
  const { kty, crv, x, y } = pair.jwk

  it.each<[string, string, string]>([
    ['the origin', written(0n), written(0n)],
    ['beside the curve', x, written((numberOf(y) + 1n) % prime)],
    ['turned round', y, x],
    ['beyond the prime', written(prime), y],
    ['of ones', written(2n ** 256n - 1n), written(2n ** 256n - 1n)],
  ])('that is %s is refused before a key is touched', async (_, left, right) => {
    const text = pair.seal({}, { header: { kid: 'nobody’s', epk: { kty, crv, x: left, y: right } } })
    expect(await outcome(hookWith(), `assertion=${text}`)).toBe('seal_invalid')
  })

  it('of the curve is taken, on either side', async () => {
    for (const side of [y, written(prime - numberOf(y))]) {
      const text = pair.seal({}, { header: { kid: 'nobody’s', epk: { kty, crv, x, y: side } } })
      expect(await outcome(hookWith(), `assertion=${text}`)).toBe('seal_key_unknown')
    }
  })
})

describe('a seal in two places', () => {
  it.each<[string, (text: string) => string, string]>([
    ['as the assertion, twice', (text) => `assertion=${text}&assertion=${text}`, 'assertion_duplicated'],
    ['as the resource, too', (text) => `assertion=${text}&assertion_resource=${text}`, 'resource_invalid'],
    [
      'beside a bare one',
      (text) => `assertion=${text}&assertion=${bench.assertion()}`,
      'assertion_duplicated',
    ],
    [
      'as the resource of a bare one',
      (text) => `assertion_resource=${text}&assertion=${bench.assertion()}`,
      'seal_required',
    ],
  ])('is denied: %s', async (_, query, code) => {
    expect(await outcome(hookWith(), query(seal()))).toBe(code)
  })
})

it('does not free an assertion from what binds it', async () => {
  const assertion = bench.assertion({ cnf: { jkt: 'A'.repeat(43) } })
  expect(await outcome(hookWith(), `assertion=${seal({ assertion })}`)).toBe('assertion_bound')
})

it('is used once by those who use it at the same time', async () => {
  const asked = Promise.withResolvers<void>()
  let waiting = 0
  const policy = async () => {
    if (++waiting === 5) asked.resolve()
    await asked.promise
    return { decision: 'permit' } as const
  }
  const hook = hookWith({}, { policy })
  const text = seal()
  const answers = Array.from({ length: 5 }, () => outcome(hook, `assertion=${text}`))
  expect((await Promise.all(answers)).toSorted()).toEqual(['permit', ...Array(4).fill('seal_replayed')])
})

it('names the resource that a policy is asked about', async () => {
  const asked: Delegation[] = []
  const hook = hookWith(
    {},
    {
      resources: { [orders]: { scopes: { 'orders:read': {} } }, [stock]: { scopes: { 'stock:read': {} } } },
      clients: { '0oaApiA': { resources: [orders, stock] } },
      policy: (delegation) => {
        asked.push(delegation)
        return { decision: 'permit' }
      },
    },
  )
  const text = seal({ resource: orders })
  await outcome(hook, `assertion=${text}`, { aud: 'https://undelegated.invalid' })
  expect(asked.map(({ resource }) => resource.audience)).toEqual([orders])
  // A policy is told who and what for, and nothing that could be presented again.
  expect(JSON.stringify(asked)).not.toContain(`seal-${seals - 1}`)
})

it('that does not open takes no room from others, however many come at once', async () => {
  const hook = hookWith()
  const assertion = `assertion=${seal({}, new SealingPair(pair.kid))}`
  const flood = Array.from({ length: 300 }, () => outcome(hook, assertion))
  const good = outcome(hook, `assertion=${seal()}`)
  expect([...new Set(await Promise.all(flood)), await good]).toEqual(['seal_invalid', 'permit'])
})

describe('a resource in a seal', () => {
  it.each(['', ' ', `${orders}/`, orders.toUpperCase(), '__proto__', 'constructor'])(
    '%j is none of those that are configured',
    async (resource) => {
      const hook = hookWith({}, { resources: { [orders]: {} }, clients: { '0oaApiA': {} } })
      const query = `assertion=${seal({ resource })}`
      expect(await outcome(hook, query, { aud: 'https://undelegated.invalid' })).toBe('resource_invalid')
    },
  )
})

describe('a store', () => {
  it.each<[string, () => unknown]>([
    ['OK', () => 'OK'],
    ['1', () => 1],
    ['null', () => null],
    ['undefined', () => undefined],
    ['a promise of an object', async () => ({ claimed: true })],
    [
      'what can be waited for and throws',
      () => ({
        // biome-ignore lint/suspicious/noThenProperty: this is what it is about.
        then() {
          throw new Error('down')
        },
      }),
    ],
    ['an error that is none', () => Promise.reject('down')],
    ['an error without a prototype', () => Promise.reject(Object.create(null))],
  ])('that answers %s denies', async (_, answer) => {
    const store = Object({ claim: answer })
    expect(await outcome(hookWith({ store }), `assertion=${seal()}`)).toBe('seal_store_unavailable')
  })

  it('is called as the object that it is', async () => {
    class Remembering {
      readonly #seen = new Set<string>()
      claim(...claim: readonly unknown[]): boolean {
        return !this.#seen.has(String(claim)) && this.#seen.add(String(claim)).size > 0
      }
    }
    const hook = hookWith({ store: new Remembering() })
    const text = seal()
    expect([await outcome(hook, `assertion=${text}`), await outcome(hook, `assertion=${text}`)]).toEqual([
      'permit',
      'seal_replayed',
    ])
  })

  it('that hangs does not outlast the deadline', async () => {
    const asked = Promise.withResolvers<void>()
    const claim = (): Promise<boolean> => {
      asked.resolve()
      return new Promise(() => undefined)
    }
    const hook = hookWith({ store: { claim } }, { limits: { deadlineMs: 100, policyTimeoutMs: 10 } })
    const answered = outcome(hook, `assertion=${seal()}`)
    await asked.promise
    await bench.clock.advance(100)
    expect(await answered).toBe('deadline_exceeded')
  })

  it('is not asked about a seal that has expired while a policy was', async () => {
    const claims: unknown[] = []
    const policy = async () => {
      await bench.clock.advance(300)
      return { decision: 'permit' } as const
    }
    const store = { claim: (...claim: readonly unknown[]) => claims.push(claim) > 0 }
    const hook = hookWith({ store }, { policy })
    expect(await outcome(hook, `assertion=${seal({ iat: bench.clock.seconds - 120 })}`)).toBe('seal_expired')
    expect(claims).toEqual([])
  })
})
