import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type CacheNamespace, createCacheKeys } from '../src/cache/cache-key.ts'
import { startFixture } from './support/fixture.ts'

const text = fc.string({ unit: 'binary', maxLength: 12 })
/** Few values, many of them built to run into each other when joined carelessly. */
const tricky = fc.oneof(fc.constantFrom('', 'a', 'b', 'ab', 'a,b', '","', 'null', '[]', '\ud800', ' '), text)
/** A lone surrogate has no bytes of its own; no JWT has one. */
const assertion = tricky.filter((value) => value.isWellFormed())
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
const question = fc.record({
  issuer: tricky,
  clientId: tricky,
  tokenEndpoint: maybe(tricky),
  expectedAudiences: maybe(fc.array(tricky, { maxLength: 3 })),
  dpopThumbprint: maybe(tricky),
  assertion,
  scopes: fc.array(tricky, { maxLength: 4 }),
  resource: maybe(tricky),
})
interface Question extends CacheNamespace {
  readonly assertion: string
  readonly scopes: readonly string[]
  readonly resource: string | undefined
}

const keyOf = (asked: Question): string =>
  createCacheKeys(asked).keyOf(asked.assertion, asked.scopes, asked.resource)

/** What must be equal for two questions to be the same, member by member. */
const meaning = ({ scopes, expectedAudiences, ...others }: Question) => ({
  ...others,
  scopes: [...new Set(scopes)].toSorted(),
  expectedAudiences: expectedAudiences?.toSorted(),
})

describe('two questions have the same key exactly if they mean the same', () => {
  test('for any two', () => {
    fc.assert(
      fc.property(question, question, (one, other) => {
        const same = fc.stringify(meaning(one)) === fc.stringify(meaning(other))
        expect(keyOf(one) === keyOf(other)).toBe(same)
      }),
      { numRuns: 2_000 },
    )
  })

  test('when one member differs: tenant, client, audience, assertion, scopes, resource, key', () => {
    const member = fc.constantFrom<keyof Question>(
      'issuer',
      'clientId',
      'tokenEndpoint',
      'expectedAudiences',
      'dpopThumbprint',
      'assertion',
      'scopes',
      'resource',
    )
    fc.assert(
      fc.property(question, question, member, (one, other, name) => {
        const changed = { ...one, [name]: other[name] }
        const same = fc.stringify(meaning(one)) === fc.stringify(meaning(changed))
        expect(keyOf(one) === keyOf(changed)).toBe(same)
      }),
      { numRuns: 2_000 },
    )
  })

  test('when the boundary between assertion and scopes moves', () => {
    fc.assert(
      fc.property(question, assertion, (one, scope) => {
        const moved = { ...one, assertion: one.assertion + scope, scopes: one.scopes }
        const kept = { ...one, scopes: [...one.scopes, scope] }
        expect(keyOf(moved) === keyOf(kept)).toBe(
          fc.stringify(meaning(moved)) === fc.stringify(meaning(kept)),
        )
      }),
    )
  })
})

test('the order and the repetition of scopes do not count', () => {
  fc.assert(
    fc.property(question, fc.nat(), (asked, turn) => {
      const { scopes } = asked
      const at = scopes.length === 0 ? 0 : turn % scopes.length
      const turned = [...scopes.slice(at), ...scopes, ...scopes.slice(0, at)]
      expect(keyOf({ ...asked, scopes: turned })).toBe(keyOf(asked))
    }),
  )
})

test('no interleaving of calls hands out a token of another assertion, client, tenant or scope', async () => {
  const one = await startFixture()
  const two = await startFixture()
  const users = ['ann@example.com', 'bob@example.com']
  const parties = [one, two].flatMap(({ server, client, clock }) => {
    const assertions = users.flatMap((sub) =>
      ['AT.1', 'AT.2'].map((jti) => ({
        sub,
        jti,
        assertion: server.userToken({ sub, jti, exp: clock.seconds + 900 }),
      })),
    )
    return ['0oaApiA', '0oaApiC'].map((clientId) => ({
      issuer: server.issuer,
      clientId,
      client: client({ clientId, cache: { maxEntries: 5 } }),
      assertions,
    }))
  })
  const call = fc.record({
    party: fc.constantFrom(...parties),
    which: fc.nat({ max: 3 }),
    scopes: fc.subarray(['orders:read', 'orders:write'], { minLength: 1 }),
    skipCache: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 12 }), async (calls) => {
      await Promise.all(
        calls.map(async ({ party, which, scopes, skipCache }) => {
          const asked = party.assertions[which]
          if (asked === undefined) throw new Error('unreachable')
          const token = await party.client.acquireToken({ assertion: asked.assertion, scopes, skipCache })
          const claims = JSON.parse(
            Buffer.from(token.accessToken.split('.')[1] ?? '', 'base64url').toString(),
          )
          expect(claims).toMatchObject({
            iss: party.issuer,
            cid: party.clientId,
            sub: asked.sub,
            assertion: { jti: asked.jti, sub: asked.sub },
          })
          expect(new Set(claims.scp)).toEqual(new Set(scopes))
        }),
      )
    }),
    { numRuns: 40 },
  )
})
