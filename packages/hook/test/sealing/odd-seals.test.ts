import type { Delegation } from '@behalf/hook'
import { SealingPair } from '@behalf/testing'
import { afterAll, describe, expect, it } from 'vitest'
import { SealBench } from './seal-bench.ts'

const seals = await SealBench.start()
afterAll(() => seals.close())
const { bench, pair } = seals
const orders = 'https://orders.example'
const stock = 'https://stock.example'

describe('a kid', () => {
  it.each([
    ['plain', 'k'.repeat(256)],
    ['wide', '鍵'.repeat(256)],
    ['escaped', '\u0001'.repeat(256)],
  ])('of the greatest length opens, when it is %s', async (_, kid) => {
    const by = new SealingPair(kid)
    expect(await seals.outcome(seals.hook({ keys: by.jwk }), `assertion=${seals.seal({}, by)}`)).toBe(
      'permit',
    )
  })
})

describe('a point with a member more', () => {
  it.each(['kid', 'use', 'key_ops', 'alg', 'ext', 'toString'])('%s is refused', async (member) => {
    const [header = ''] = seals.seal().split('.')
    const { epk } = JSON.parse(Buffer.from(header, 'base64url').toString())
    const text = pair.seal({}, { header: { epk: { ...epk, [member]: 'enc' } } })
    expect(await seals.outcome(seals.hook(), `assertion=${text}`)).toBe('seal_invalid')
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
    expect(await seals.outcome(seals.hook(), `assertion=${text}`)).toBe('seal_invalid')
  })

  it('of the curve is taken, on either side', async () => {
    for (const side of [y, written(prime - numberOf(y))]) {
      const text = pair.seal({}, { header: { kid: 'nobody’s', epk: { kty, crv, x, y: side } } })
      expect(await seals.outcome(seals.hook(), `assertion=${text}`)).toBe('seal_key_unknown')
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
    expect(await seals.outcome(seals.hook(), query(seals.seal()))).toBe(code)
  })
})

it('does not free an assertion from what binds it', async () => {
  const assertion = bench.assertion({ cnf: { jkt: 'A'.repeat(43) } })
  expect(await seals.outcome(seals.hook(), `assertion=${seals.seal({ assertion })}`)).toBe('assertion_bound')
})

it('is used once by those who use it at the same time', async () => {
  const asked = Promise.withResolvers<void>()
  let waiting = 0
  const policy = async () => {
    if (++waiting === 5) asked.resolve()
    await asked.promise
    return { decision: 'permit' } as const
  }
  const hook = seals.hook({}, { policy })
  const text = seals.seal()
  const answers = Array.from({ length: 5 }, () => seals.outcome(hook, `assertion=${text}`))
  expect((await Promise.all(answers)).toSorted()).toEqual(['permit', ...Array(4).fill('seal_replayed')])
})

it('names the resource that a policy is asked about', async () => {
  const asked: Delegation[] = []
  const hook = seals.hook(
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
  const text = seals.seal({ resource: orders, jti: 'seal-named' })
  await seals.outcome(hook, `assertion=${text}`, { aud: 'https://undelegated.invalid' })
  expect(asked.map(({ resource }) => resource.audience)).toEqual([orders])
  // A policy is told who and what for, and nothing that could be presented again.
  expect(JSON.stringify(asked)).not.toContain(`seal-named`)
})

it('that does not open takes no room from others, however many come at once', async () => {
  const hook = seals.hook()
  const assertion = `assertion=${seals.seal({}, new SealingPair(pair.kid))}`
  const flood = Array.from({ length: 300 }, () => seals.outcome(hook, assertion))
  const good = seals.outcome(hook, `assertion=${seals.seal()}`)
  expect([...new Set(await Promise.all(flood)), await good]).toEqual(['seal_invalid', 'permit'])
})

describe('a resource in a seal', () => {
  it.each(['', ' ', `${orders}/`, orders.toUpperCase(), '__proto__', 'constructor'])(
    '%j is none of those that are configured',
    async (resource) => {
      const hook = seals.hook({}, { resources: { [orders]: {} }, clients: { '0oaApiA': {} } })
      const query = `assertion=${seals.seal({ resource })}`
      expect(await seals.outcome(hook, query, { aud: 'https://undelegated.invalid' })).toBe(
        'resource_invalid',
      )
    },
  )
})
