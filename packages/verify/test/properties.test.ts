import { delegatedClaims, type LooseObject } from '@behalf/testing'
import { createVerifier, TokenError } from '@behalf/verify'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { TestBed } from './setup.ts'

const bed = TestBed.forFile()

type Path = readonly string[]

/** Values that a forger, or a careless issuer, might put anywhere. */
const value = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(
    '0oaApiA',
    'ann@example.com',
    'ANN@example.com',
    'api://b',
    'orders:read',
    { sub: '0oaApiA' },
    { sub: '0oaEvil', act: { sub: '0oaApiA' } },
    ['0oaApiA'],
    ['orders:read'],
  ),
  fc.integer({ min: -1, max: 2_000_000_000 }),
)
const path: fc.Arbitrary<Path> = fc.oneof(
  fc.constantFrom<Path>(
    ...[
      'aud',
      'exp',
      'nbf',
      'iat',
      'cid',
      'scp',
      'scope',
      'sub',
      'act',
      'assertion',
      'cnf',
      'uid',
      'ver',
    ].map((name) => [name]),
    ...['sub', 'iss', 'act', 'sub_profile', 'exp'].map((name) => ['act', name]),
    ...['sub', 'iss', 'exp', 'aud', 'act', 'cid'].map((name) => ['assertion', name]),
  ),
  fc.string().map((name) => [name]),
)
const mutations = fc.array(fc.tuple(path, fc.option(value, { nil: undefined })), {
  minLength: 1,
  maxLength: 3,
})

/** A copy with one member replaced, or removed when there is no value. */
function mutate(claims: LooseObject, [name = '', ...rest]: Path, replacement: unknown): LooseObject {
  const inner = claims[name]
  const next = rest.length > 0 && isObject(inner) ? mutate(inner, rest, replacement) : replacement
  return Object.fromEntries([...Object.entries(claims).filter(([other]) => other !== name), [name, next]])
}

function isObject(candidate: unknown): candidate is LooseObject {
  return typeof candidate === 'object' && candidate !== null && !Array.isArray(candidate)
}

it.each([{ accept: ['delegated'] }, { accept: ['delegated', 'machine'] }] as const)(
  '$accept: a mutated delegation is the same delegation, or refused',
  async ({ accept }) => {
    const verifier = createVerifier({ ...bed.options, accept, requiredScopes: ['orders:read'] })
    const original = delegatedClaims(bed.clock.seconds)
    let accepted = 0
    await fc.assert(
      fc.asyncProperty(mutations, async (steps) => {
        const claims = steps.reduce((current, [at, next]) => mutate(current, at, next), original)
        const outcome = await verifier.verify(bed.issuer.sign(claims)).catch((error: unknown) => error)
        if (outcome instanceof TokenError) return
        if (outcome instanceof Error) throw outcome
        accepted++
        // What carries the meaning, read from the claims without the code under test.
        const { sub, cid, act, assertion, aud, scp, exp } = JSON.parse(JSON.stringify(claims))
        expect(outcome).toMatchObject({ kind: 'delegated', subject: sub, actor: { sub: cid } })
        expect([act.sub, assertion.sub]).toEqual([cid, sub])
        expect([aud].flat()).toContain('api://b')
        expect(scp ?? claims['scope']).toContain('orders:read')
        expect(Math.min(exp, assertion.exp)).toBeGreaterThan(bed.clock.seconds)
        expect(outcome).toHaveProperty('expiresAt', Math.min(exp, assertion.exp))
        expect(claims['cnf']).toBeUndefined()
        expect(sub).not.toBe(cid)
      }),
      { numRuns: 400 },
    )
    // Otherwise the property would hold for a verifier that refuses everything.
    expect(accepted).toBeGreaterThan(10)
  },
)

it('one mutation never changes for whom or by whom', async () => {
  const verifier = bed.verifier()
  const original = delegatedClaims(bed.clock.seconds)
  await fc.assert(
    fc.asyncProperty(path, fc.option(value, { nil: undefined }), async (at, next) => {
      const outcome = await verifier
        .verify(bed.issuer.sign(mutate(original, at, next)))
        .catch((error: unknown) => error)
      if (outcome instanceof TokenError) return
      expect(outcome).toMatchObject({ subject: 'ann@example.com', actor: { sub: '0oaApiA' } })
    }),
    { numRuns: 300 },
  )
})

it('a token of which any character was changed is refused', async () => {
  const verifier = bed.verifier()
  const token = bed.delegated()
  const anyCharacter = fc.constantFrom(...'ABCxyz019-_.=+/ \n\u0000é')
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: token.length - 1 }), anyCharacter, async (at, character) => {
      fc.pre(token[at] !== character)
      const changed = `${token.slice(0, at)}${character}${token.slice(at + 1)}`
      await expect(verifier.verify(changed)).rejects.toBeInstanceOf(TokenError)
    }),
    { numRuns: 300 },
  )
})
