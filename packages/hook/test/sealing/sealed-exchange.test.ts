import type { BehalfConfig } from '@behalf/hook'
import { type SealingOptions, sealed } from '@behalf/hook/sealing'
import { type HookEvent, type LooseObject, type SealChanges, SealingPair } from '@behalf/testing'
import { authenticated } from '@behalf/testing/hook'
import { CompactEncrypt, importJWK } from 'jose'
import { afterAll, describe, expect, it } from 'vitest'
import { SealBench, server } from './seal-bench.ts'

const seals = await SealBench.start()
afterAll(() => seals.close())
const { bench, pair } = seals
const seal = (changes: LooseObject = {}, text: SealChanges = {}): string =>
  seals.seal(changes, undefined, text)

function eventWith(assertion: string, query = ''): HookEvent {
  return bench.event({ url: `${server}/v1/token?assertion=${assertion}${query}` })
}

const config = (options: Partial<SealingOptions> = {}): Partial<BehalfConfig> => ({
  sealing: sealed({ keys: pair.jwk, ...options }),
})

const outcomeOf = async (text: string, changes: Partial<BehalfConfig> = config()): Promise<string> =>
  (await bench.send(eventWith(text), changes)).outcome

describe('a sealed assertion', () => {
  it('is exchanged like a bare one, and recorded as sealed', async () => {
    const { claims, record } = await bench.send(eventWith(seal()), config())
    expect(claims?.['act']).toMatchObject({ sub: '0oaApiA' })
    expect(record).toMatchObject({ decision: 'permit', sealed: true, client: '0oaApiA' })
  })

  it('may come from jose', async () => {
    const { kty, crv, x, y } = pair.jwk
    const text = await new CompactEncrypt(new TextEncoder().encode(JSON.stringify(seals.payload())))
      .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', typ: 'sealed-assertion+jwt', kid: pair.kid })
      .encrypt(await importJWK({ kty, crv, x, y }, 'ECDH-ES'))
    expect(await outcomeOf(text)).toBe('permit')
  })

  it('is denied by a hook without sealing', async () => {
    const { record } = await bench.send(eventWith(seal()))
    expect(record).toMatchObject({ code: 'assertion_encrypted', step: 'open' })
  })

  it('holds an assertion that is judged like any other', async () => {
    const expired = bench.assertion({ exp: bench.clock.seconds - 1 })
    expect(await outcomeOf(seal({ assertion: expired }))).toBe('assertion_expired')
    expect(await outcomeOf(seal({ assertion: 'x' }))).toBe('assertion_malformed')
  })
})

describe('a bare assertion', () => {
  it('is denied where seals are required, which is so by default', async () => {
    const { record } = await bench.send(eventWith(bench.assertion()), config())
    expect(record).toMatchObject({ code: 'seal_required', step: 'open' })
  })

  it('is taken while clients move', async () => {
    const { record } = await bench.send(eventWith(bench.assertion()), config({ required: false }))
    expect(record.decision).toBe('permit')
    expect(record).not.toHaveProperty('sealed')
  })
})

describe('a text in five parts that is no seal', () => {
  it.each<[string, SealChanges]>([
    ['no typ', { header: { typ: undefined } }],
    ['the typ of another', { header: { typ: 'JWT' } }],
    ['the typ in other letters', { header: { typ: 'Sealed-Assertion+JWT' } }],
    ['a header that is no JSON', { headerPart: 'AAAA' }],
    ['a member twice in its header', { headerPart: twice() }],
    ['a header that is longer than any seal’s', { header: { kid: 'k'.repeat(2_000) } }],
  ])('has %s and is an encrypted token like others', async (_, changes) => {
    expect(await outcomeOf(seal({}, changes))).toBe('assertion_encrypted')
    expect(await outcomeOf(seal({}, changes), config({ required: false }))).toBe('assertion_encrypted')
  })
})

function twice(): string {
  const text = '{"typ":"sealed-assertion+jwt","kid":"seal-1","kid":"seal-1","alg":"ECDH-ES","enc":"A256GCM"}'
  return Buffer.from(text).toString('base64url')
}

describe('a seal that is none of ours', () => {
  const point = { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) }

  it.each<[string, SealChanges]>([
    ['another alg', { header: { alg: 'ECDH-ES+A256KW' } }],
    ['alg dir', { header: { alg: 'dir' } }],
    ['another enc', { header: { enc: 'A128GCM' } }],
    ['zip', { header: { zip: 'DEF' } }],
    ['crit', { header: { crit: ['exp'] } }],
    ['apu', { header: { apu: 'QQ' } }],
    ['apv', { header: { apv: 'QQ' } }],
    ['jku', { header: { jku: 'https://attacker.example' } }],
    ['cty', { header: { cty: 'JWT' } }],
    ['no epk', { header: { epk: undefined } }],
    ['a point off the curve', { header: { epk: point } }],
    ['an epk of another curve', { header: { epk: { ...point, crv: 'P-384' } } }],
    ['an epk with a private part', { header: { epk: { ...point, d: 'A'.repeat(43) } } }],
    ['a coordinate that is too short', { header: { epk: { ...point, x: 'AAAA' } } }],
    ['no kid', { header: { kid: undefined } }],
    ['a kid that is no text', { header: { kid: 7 } }],
    ['an encrypted key', { encryptedKey: 'AAAA' }],
    ['a vector of another length', { vector: 'AAAA' }],
    ['a tag that is too short', { tag: 'AAAA' }],
    ['another tag', { tag: 'A'.repeat(22) }],
    ['no JSON in it', { plaintext: 'x' }],
    ['no UTF-8 in it', { plaintext: Uint8Array.of(255, 254) }],
    ['a list in it', { plaintext: '[]' }],
    ['a member twice in it', { plaintext: '{"jti":"1","jti":"2"}' }],
  ])('has %s and is invalid', async (_, changes) => {
    expect(await outcomeOf(seal({}, changes))).toBe('seal_invalid')
  })

  it.each<[string, LooseObject]>([
    ['lacks its jti', { jti: undefined }],
    ['has an empty jti', { jti: '' }],
    ['has a long jti', { jti: 'j'.repeat(129) }],
    ['has a member that nobody knows', { nbf: 1 }],
    ['lacks iat', { iat: undefined }],
    ['has a fraction of a second', { iat: 1.5 }],
    ['names two servers', { aud: [server] }],
    ['has a resource that is no text', { resource: ['https://b.example'] }],
    ['is sealed itself', { assertion: 'a.b.c.d.e' }],
  ])('%s and is invalid', async (_, changes) => {
    expect(await outcomeOf(seal(changes))).toBe('seal_invalid')
  })

  it('is sealed for a key that nobody knows, or for another than it says', async () => {
    expect(await outcomeOf(new SealingPair('seal-2').seal(seals.payload()))).toBe('seal_key_unknown')
    expect(await outcomeOf(new SealingPair('seal-1').seal(seals.payload()))).toBe('seal_invalid')
  })

  it('is longer than a seal can be', async () => {
    expect(await outcomeOf(seal({ assertion: 'a'.repeat(60_000) }))).toBe('assertion_too_large')
  })
})

describe('a seal', () => {
  it('is of the client that presents it, and for the server that was asked', async () => {
    expect(await outcomeOf(seal({ client_id: '0oaOther' }))).toBe('seal_client_mismatch')
    expect(await outcomeOf(seal({ aud: `${server}/` }))).toBe('seal_audience_mismatch')
  })

  it.each<[number, string]>([
    [-120, 'permit'],
    [-121, 'seal_expired'],
    [60, 'permit'],
    [61, 'seal_expired'],
  ])('made at %i s is %s', async (age, outcome) => {
    expect(await outcomeOf(seal({ iat: bench.clock.seconds + age }))).toBe(outcome)
  })

  it('has a tolerance that can be set', async () => {
    const strict = config({ clockToleranceSeconds: 0 })
    expect(await outcomeOf(seal({ iat: bench.clock.seconds - 60 }), strict)).toBe('permit')
    expect(await outcomeOf(seal({ iat: bench.clock.seconds - 61 }), strict)).toBe('seal_expired')
    expect(await outcomeOf(seal({ iat: bench.clock.seconds + 1 }), strict)).toBe('seal_expired')
  })

  it('can be used once', async () => {
    const hook = bench.hook(config())
    const request = authenticated(eventWith(seal()))
    const answers = [await hook.handle(request), await hook.handle(request)]
    expect(answers.map(({ body }) => JSON.parse(body).debugContext.code)).toEqual([
      undefined,
      'seal_replayed',
    ])
  })

  it('is not used up by a denial', async () => {
    let decision: 'permit' | 'forbid' = 'forbid'
    const hook = bench.hook({ ...config(), policy: () => ({ decision }) })
    const request = authenticated(eventWith(seal()))
    const codeOf = async (): Promise<unknown> =>
      JSON.parse((await hook.handle(request)).body).debugContext.code
    expect(await codeOf()).toBe('policy_denied')
    decision = 'permit'
    expect(await codeOf()).toBeUndefined()
  })
})

describe('the resource in a seal', () => {
  const orders = 'https://orders.example'
  const stock = 'https://stock.example'
  const resources = { [orders]: { scopes: { 'orders:read': {} } }, [stock]: { scopes: { 'stock:read': {} } } }
  const both = { ...config(), resources, clients: { '0oaApiA': { resources: [orders, stock] } } }
  const placeholder = 'https://undelegated.invalid'
  const send = async (changes: LooseObject, query = '', changed: Partial<BehalfConfig> = both) =>
    bench.send(
      bench.event({
        url: `${server}/v1/token?assertion=${seal(changes)}${query}`,
        accessClaims: { aud: placeholder },
      }),
      changed,
    )

  it('is what the token is for', async () => {
    expect((await send({ resource: orders })).claims?.['aud']).toBe(orders)
    expect((await send({ resource: stock })).outcome).toBe('scope_not_permitted')
    expect((await send({ resource: 'https://other.example' })).outcome).toBe('resource_invalid')
    expect((await send({})).outcome).toBe('resource_invalid')
  })

  it('is the only one that is named', async () => {
    const query = `&assertion_resource=${encodeURIComponent(orders)}`
    expect((await send({ resource: orders }, query)).outcome).toBe('resource_invalid')
    expect((await send({}, query)).outcome).toBe('resource_invalid')
    expect((await send({ resource: orders }, '&resource=x')).outcome).toBe('resource_invalid')
  })

  it('is invalid where none are configured', async () => {
    expect((await send({ resource: orders }, '', config())).outcome).toBe('resource_invalid')
  })
})
