import type { Delegation } from '@behalf/hook'
import { type LooseObject, SealingPair } from '@behalf/testing'
import { afterAll, describe, expect, it } from 'vitest'
import { SealBench, server } from './seal-bench.ts'

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

/** The header that a good seal has. */
function goodHeader() {
  const [header = ''] = seals.seal().split('.')
  return JSON.parse(Buffer.from(header, 'base64url').toString())
}
const part = (text: string): string => Buffer.from(text).toString('base64url')
const hook = () => seals.hook()
const hex = (text: string): string => Buffer.from(text, 'base64url').toString('hex')
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
/** The last character of a text whose last bits are none of its bytes', with these changed. */
const otherEnd = (text: string): string => alphabet[alphabet.indexOf(text.at(-1) ?? '') ^ 1] ?? ''

describe('a header', () => {
  it.each<[LooseObject, string]>([
    [{ apu: '' }, 'seal_invalid'],
    [{ apv: null }, 'seal_invalid'],
    [{ zip: null }, 'seal_invalid'],
    [{ crit: [] }, 'seal_invalid'],
    [{ alg: ['ECDH-ES'] }, 'seal_invalid'],
    [{ enc: null }, 'seal_invalid'],
    [{ kid: '' }, 'seal_invalid'],
    [{ kid: 'k'.repeat(257) }, 'seal_invalid'],
    [{ kid: `${pair.kid} ` }, 'seal_key_unknown'],
    [{ kid: '\u0000' }, 'seal_key_unknown'],
    [{ hasOwnProperty: 1 }, 'seal_invalid'],
    [{ typ: ['sealed-assertion+jwt'] }, 'assertion_encrypted'],
    [{ typ: 'application/sealed-assertion+jwt' }, 'assertion_encrypted'],
    [{ typ: 'sealed-assertion+jwt ' }, 'assertion_encrypted'],
  ])('with %j is refused', async (header, code) => {
    expect(await seals.outcome(hook(), `assertion=${pair.seal(seals.payload(), { header })}`)).toBe(code)
  })

  it.each<[string, (text: string) => string, string]>([
    ['a member twice', (text) => text.replace('"alg":', '"alg":"dir","alg":'), 'assertion_encrypted'],
    [
      'a member twice, once escaped',
      (text) => text.replace('"alg":', '"alg":"dir","\\u0061lg":'),
      'assertion_encrypted',
    ],
    ['a member of its point twice', (text) => text.replace('"x":', '"x":"AAAA","x":'), 'assertion_encrypted'],
    ['a byte order mark', (text) => `\ufeff${text}`, 'assertion_encrypted'],
    ['a prototype', (text) => text.replace('{', '{"__proto__":{"zip":"DEF"},'), 'seal_invalid'],
  ])('with %s is refused', async (_, change, code) => {
    const text = pair.seal(seals.payload(), { headerPart: part(change(JSON.stringify(goodHeader()))) })
    expect(await seals.outcome(hook(), `assertion=${text}`)).toBe(code)
  })

  it.each<[string, (coordinate: string) => string]>([
    ['padded', (coordinate) => `${coordinate}=`],
    ['behind a zero', (coordinate) => Buffer.from(`00${hex(coordinate)}`, 'hex').toString('base64url')],
    [
      'without its last byte',
      (coordinate) => Buffer.from(hex(coordinate).slice(2), 'hex').toString('base64url'),
    ],
    ['in another spelling', (coordinate) => coordinate.slice(0, -1) + otherEnd(coordinate)],
  ])('with a coordinate that is %s is refused', async (_, change) => {
    for (const name of ['x', 'y']) {
      const { epk } = goodHeader()
      const header = { epk: { ...epk, [name]: change(epk[name]) } }
      expect(await seals.outcome(hook(), `assertion=${pair.seal({}, { header })}`)).toBe('seal_invalid')
    }
  })
})

describe('a text', () => {
  it.each<[string, (text: string) => string, string]>([
    ['with padding', (text) => `${text}%3D`, 'seal_required'],
    ['with a line break', (text) => `${text}%0A`, 'seal_required'],
    ['with a NUL', (text) => `${text}%00`, 'seal_required'],
    ['of six parts', (text) => `${text}.`, 'seal_required'],
    ['in lower case', (text) => text.toLowerCase(), 'assertion_encrypted'],
    ['with another spelling of its tag', (text) => text.slice(0, -1) + otherEnd(text), 'seal_invalid'],
    ['without a ciphertext', (text) => text.replace(/[\w-]+(?=\.[\w-]+$)/, ''), 'seal_invalid'],
    ['of dots', () => '....', 'assertion_encrypted'],
  ])('%s is no seal', async (_, change, code) => {
    expect(await seals.outcome(hook(), `assertion=${change(seals.seal())}`)).toBe(code)
  })
})

describe('what is in a seal', () => {
  it.each<[LooseObject, string]>([
    [{ iat: -1 }, 'seal_invalid'],
    [{ iat: 1e300 }, 'seal_invalid'],
    [{ iat: Number.MAX_SAFE_INTEGER }, 'seal_invalid'],
    [{ iat: '1' }, 'seal_invalid'],
    [{ iat: null }, 'seal_invalid'],
    [{ iat: 0 }, 'seal_expired'],
    [{ jti: 7 }, 'seal_invalid'],
    [{ jti: '\ud800' }, 'seal_invalid'],
    [{ aud: null }, 'seal_invalid'],
    [{ aud: `${server}?` }, 'seal_audience_mismatch'],
    [{ aud: server.toUpperCase() }, 'seal_audience_mismatch'],
    [{ client_id: ['0oaApiA'] }, 'seal_invalid'],
    [{ client_id: '' }, 'seal_client_mismatch'],
    [{ resource: null }, 'seal_invalid'],
    [{ assertion: '' }, 'assertion_malformed'],
    [{ assertion: null }, 'seal_invalid'],
    [{ assertion: '....' }, 'seal_invalid'],
    [{ assertion: ` ${bench.assertion()}` }, 'assertion_malformed'],
    [{ constructor: 1 }, 'seal_invalid'],
  ])('with %j is refused', async (changes, code) => {
    expect(await seals.outcome(hook(), `assertion=${seals.seal(changes)}`)).toBe(code)
  })

  it.each<[string, (text: string) => string]>([
    ['a member twice', (text) => text.replace('"iat":', '"iat":1,"iat":')],
    ['a member twice, once escaped', (text) => text.replace('"iat":', '"iat":1,"\\u0069at":')],
    ['a prototype', (text) => text.replace('{', '{"__proto__":null,')],
    ['a byte order mark', (text) => `\ufeff${text}`],
    ['a NUL behind it', (text) => `${text}\0`],
    ['nothing', () => ''],
    ['null', () => 'null'],
  ])('with %s is refused', async (_, change) => {
    const text = pair.seal({}, { plaintext: change(JSON.stringify(seals.payload())) })
    expect(await seals.outcome(hook(), `assertion=${text}`)).toBe('seal_invalid')
  })

  it('is told by its jti however its iat is written', async () => {
    const one = hook()
    const payload = JSON.stringify(seals.payload())
    const spelt = payload.replace(/"iat":(\d+)/, '"iat":$1.0e0')
    const outcomes = []
    for (const plaintext of [payload, spelt])
      outcomes.push(await seals.outcome(one, `assertion=${pair.seal({}, { plaintext })}`))
    expect(outcomes).toEqual(['permit', 'seal_replayed'])
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
