import { jwkThumbprint } from '@behalf/core/internal'
import { generateSigningKey, type LooseObject, signHmacJwt } from '@behalf/testing'
import type { PresentedProof } from '@behalf/verify'
import { describe, expect, it } from 'vitest'
import { ReplayCache } from '../../src/dpop/replay-cache.ts'
import { refusalOf, TestBed } from '../setup.ts'
import { Prover, publicJwk } from './prover.ts'

const bed = TestBed.forFile()
const dpop = { baseUrl: 'https://b.example.com' }
const prover = new Prover()
const { key, jwk, thumbprint: jkt } = prover

const bound = (): string => bed.delegated({ cnf: { jkt } })

function claimsFor(token: string, overrides: LooseObject = {}): LooseObject {
  return prover.claims(token, bed.clock.seconds, overrides)
}

function prove(token: string, claims: LooseObject = {}, header: LooseObject = {}, signer = key): string {
  return prover.prove(claimsFor(token, claims), header, signer)
}

function present(proof: string, request: Partial<PresentedProof> = {}): { dpop: PresentedProof } {
  return { dpop: { proof, method: 'GET', url: '/orders?page=2', ...request } }
}

describe('a bound token', () => {
  it('is accepted with its proof', async () => {
    const token = bound()
    const access = await bed.verifier({ dpop }).verify(token, present(prove(token)))
    expect(access.subject).toBe('ann@example.com')
  })

  it.each<[string, LooseObject, Partial<PresentedProof>]>([
    ['a query in htu', { htu: 'https://b.example.com/orders?page=2#top' }, {}],
    ['another spelling of the host', { htu: 'HTTPS://B.example.com:443/orders' }, {}],
    ['an absolute URL of an inner host', {}, { url: 'http://10.0.0.7:8080/orders?page=2' }],
    ['a clock a minute behind', { iat: bed.clock.seconds - 60 }, {}],
    ['a clock a minute ahead', { iat: bed.clock.seconds + 60 }, {}],
  ])('is accepted with %s', async (_, claims, request) => {
    const token = bound()
    await expect(
      bed.verifier({ dpop }).verify(token, present(prove(token, claims), request)),
    ).resolves.toBeDefined()
  })

  it('is accepted below the path that a proxy strips', async () => {
    const token = bound()
    const proof = prove(token, { htu: 'https://gateway.example.com/b/orders' })
    const verifier = bed.verifier({ dpop: { baseUrl: 'https://gateway.example.com/b/' } })
    await expect(verifier.verify(token, present(proof))).resolves.toBeDefined()
  })

  it('is refused without a proof', async () => {
    const error = await refusalOf(bed.verifier({ dpop }).verify(bound()))
    expect([error.code, error.challengeError]).toEqual(['token_invalid', 'invalid_token'])
  })

  it('is refused where DPoP is not configured, proof or not', async () => {
    const token = bound()
    expect((await refusalOf(bed.verifier().verify(token))).code).toBe('token_invalid')
    expect((await refusalOf(bed.verifier().verify(token, present(prove(token))))).code).toBe('token_invalid')
  })

  it.each<[string, LooseObject]>([
    ['to a certificate as well', { jkt, 'x5t#S256': 'x' }],
    ['to a list of keys', { jkt: [jkt] }],
    ['to nothing', {}],
  ])('is refused when bound %s', async (_, cnf) => {
    const token = bed.delegated({ cnf })
    const error = await refusalOf(bed.verifier({ dpop }).verify(token, present(prove(token))))
    expect(error.detail).toBe('the token is bound in another way than DPoP')
  })
})

describe('a token that is bound to nothing', () => {
  it('is refused with a proof, which would pretend a binding', async () => {
    const token = bed.delegated()
    const error = await refusalOf(bed.verifier({ dpop }).verify(token, present(prove(token))))
    expect(error.code).toBe('token_invalid')
  })

  it('is accepted as a bearer token unless bound ones are required', async () => {
    await expect(bed.verifier({ dpop }).verify(bed.delegated())).resolves.toBeDefined()
    const strict = bed.verifier({ dpop: { ...dpop, required: true } })
    expect((await refusalOf(strict.verify(bed.delegated()))).code).toBe('token_invalid')
  })
})

describe('a proof is refused', () => {
  const other = generateSigningKey('other', 'ES256')
  const otherJwk = publicJwk(other)
  const privateJwk = key.privateKey.export({ format: 'jwk' })
  const cases: readonly [string, (token: string) => string, RegExp][] = [
    ['that is garbage', () => 'garbage', /well-formed/],
    ['that is two', (token) => `${prove(token)}, ${prove(token)}`, /well-formed/],
    ['of another type', (token) => prove(token, {}, { typ: 'JWT' }), /typ/],
    ['without a type', (token) => prove(token, {}, { typ: undefined }), /typ/],
    ['with crit', (token) => prove(token, {}, { crit: ['x'] }), /crit/],
    ['with b64', (token) => prove(token, {}, { b64: false }), /b64/],
    ['with no algorithm', (token) => prove(token, {}, { alg: 'none' }), /unsupported algorithm/],
    ['with an HMAC', (token) => signHmacJwt('s', claimsFor(token), { typ: 'dpop+jwt', jwk }), /unsupported/],
    ['with an algorithm of another key', (token) => prove(token, {}, { alg: 'RS256' }), /does not fit/],
    ['without a key', (token) => prove(token, {}, { jwk: undefined }), /no public key/],
    ['with a private key', (token) => prove(token, {}, { jwk: privateJwk }), /no public key/],
    ['with a symmetric key', (token) => prove(token, {}, { jwk: { kty: 'oct', k: 'x' } }), /no public key/],
    [
      'with a key of no known type',
      (token) => prove(token, {}, { jwk: { kty: 'constructor' } }),
      /another key/,
    ],
    ['with an encryption key', (token) => prove(token, {}, { jwk: { ...jwk, use: 'enc' } }), /does not fit/],
    ['by another key', (token) => prove(token, {}, { jwk: otherJwk }, other), /another key/],
    ['signed by another key than it carries', (token) => prove(token, {}, {}, other), /does not verify/],
    ['for another method', (token) => prove(token, { htm: 'POST' }), /method/],
    ['for a method spelt otherwise', (token) => prove(token, { htm: 'get' }), /method/],
    ['for another path', (token) => prove(token, { htu: 'https://b.example.com/other' }), /another URL/],
    ['for another host', (token) => prove(token, { htu: 'https://c.example.com/orders' }), /another URL/],
    ['over http', (token) => prove(token, { htu: 'http://b.example.com/orders' }), /another URL/],
    ['for no URL', (token) => prove(token, { htu: 'orders' }), /another URL/],
    ['for no URL at all', (token) => prove(token, { htu: undefined }), /another URL/],
    ['of more than a minute ago', (token) => prove(token, { iat: bed.clock.seconds - 61 }), /just now/],
    ['of the future', (token) => prove(token, { iat: bed.clock.seconds + 61 }), /just now/],
    ['without iat', (token) => prove(token, { iat: undefined }), /just now/],
    ['with iat as text', (token) => prove(token, { iat: String(bed.clock.seconds) }), /just now/],
    ['without jti', (token) => prove(token, { jti: undefined }), /jti/],
    ['with an empty jti', (token) => prove(token, { jti: '' }), /jti/],
    ['with a long jti', (token) => prove(token, { jti: 'x'.repeat(257) }), /jti/],
    ['without ath', (token) => prove(token, { ath: undefined }), /access token/],
    ['for another token', (token) => prove(token, { ath: 'x' }), /access token/],
  ]
  it.each(cases)('%s', async (_, make, detail) => {
    const token = bound()
    const error = await refusalOf(bed.verifier({ dpop }).verify(token, present(make(token))))
    expect([error.code, error.challengeError]).toEqual(['token_invalid', 'invalid_dpop_proof'])
    expect(error.detail).toMatch(detail)
  })

  it('with a weak RSA key', async () => {
    const weak = generateSigningKey('weak', 'RS256', 1024)
    const weakJwk = publicJwk(weak)
    const token = bed.delegated({ cnf: { jkt: jwkThumbprint(weakJwk) } })
    const proof = prove(token, {}, { jwk: weakJwk }, weak)
    expect((await refusalOf(bed.verifier({ dpop }).verify(token, present(proof)))).detail).toMatch(/weak/)
  })

  it('for a path that only looks like the host', async () => {
    const token = bound()
    const proof = prove(token, { htu: 'https://evil.example.com/orders' })
    const request = present(proof, { url: '//evil.example.com/orders' })
    expect((await refusalOf(bed.verifier({ dpop }).verify(token, request))).detail).toMatch(/another URL/)
  })

  it('the second time, for as long as it could be accepted', async () => {
    const verifier = bed.verifier({ dpop })
    const token = bed.delegated({ cnf: { jkt }, exp: bed.clock.seconds + 3600 })
    const proof = prove(token, { iat: bed.clock.seconds + 60 })
    await verifier.verify(token, present(proof))
    for (const ms of [0, 60_000, 60_000]) {
      bed.clock.advance(ms)
      expect((await refusalOf(verifier.verify(token, present(proof)))).detail).toMatch(/used before/)
    }
    bed.clock.advance(1_000)
    expect((await refusalOf(verifier.verify(token, present(proof)))).detail).toMatch(/just now/)
    bed.clock.advance(-121_000)
  })

  it('but not by a second guard on the same request', async () => {
    const verifier = bed.verifier({ dpop })
    const token = bound()
    const presented = present(prove(token), { origin: {} })
    await verifier.verify(token, presented)
    await expect(verifier.verify(token, presented)).resolves.toBeDefined()
    const error = await refusalOf(verifier.verify(token, present(presented.dpop.proof, { origin: {} })))
    expect(error.detail).toMatch(/used before/)
  })

  it('when no more can be remembered, until the oldest has ended', async () => {
    const verifier = bed.verifier({
      dpop: { ...dpop, replayCache: { maxEntries: 1 }, proofWindowSeconds: 5 },
    })
    const token = bound()
    await verifier.verify(token, present(prove(token)))
    const error = await refusalOf(verifier.verify(token, present(prove(token))))
    expect([error.code, error.status, error.challengeError]).toEqual(['overloaded', 503, undefined])
    expect(error.detail).toMatch(/replayCache/)
    bed.clock.advance(11_000)
    await expect(verifier.verify(token, present(prove(token)))).resolves.toBeDefined()
    bed.clock.advance(-11_000)
  })
})

it('remembers proofs by key and jti together, within its bound', () => {
  const seen = new ReplayCache(10, 2)
  expect(seen.remember('a', 'x', 0)).toBe('new')
  expect(seen.remember('a', 'x', 9)).toBe('replayed')
  expect(seen.remember('b', 'x', 1)).toBe('new')
  expect(seen.remember('c', 'x', 9)).toBe('full')
  expect(seen.remember('c', 'x', 10)).toBe('new')
  expect(seen.remember('d', 'x', 10)).toBe('full')
})
