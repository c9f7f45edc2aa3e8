import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { type Actor, extendActorChain, listActors, parseActor } from '../../src/delegation/actor.ts'
import type { Json } from '../../src/json/json.ts'

/** A chain of actors a1 (outermost) to aN. */
function chain(length: number): Actor {
  let actor: Actor = { sub: `a${length}` }
  for (let link = length - 1; link > 0; link--) actor = { sub: `a${link}`, act: actor }
  return actor
}
const toJson = (value: unknown): Json => JSON.parse(JSON.stringify(value))
const codeOf = (claim: Json | undefined, maxDepth = 4): string | undefined => {
  const outcome = parseActor(claim, maxDepth)
  return outcome.ok ? undefined : outcome.fault.code
}

describe('parseActor', () => {
  test('reads a chain, the current actor outermost', () => {
    const claim = {
      sub: 'a1',
      iss: 'https://example.com',
      sub_profile: 'service',
      act: { sub: 'a2', act: { sub: 'a3' } },
    }
    expect(parseActor(claim, 3)).toEqual({ ok: true, value: claim })
  })

  test('keeps identity members only, at every depth', () => {
    const extra = {
      exp: 1,
      aud: 'x',
      scp: ['admin'],
      cnf: {},
      email: 'a@b',
      name: 'A',
      constructor: 1,
      may_act: { sub: 'x' },
    }
    const claim = toJson({ ...extra, sub: 'a1', act: { ...extra, sub: 'a2' } })
    expect(parseActor(claim, 4)).toEqual({ ok: true, value: { sub: 'a1', act: { sub: 'a2' } } })
  })

  test('takes nothing from a member __proto__', () => {
    expect(codeOf(JSON.parse('{"__proto__":{"sub":"a1"}}'))).toBe('actor_not_permitted')
    const outcome = parseActor(JSON.parse('{"sub":"a1","__proto__":{"act":{"sub":"a2"},"iss":"x"}}'), 4)
    expect(outcome.ok && Object.entries(outcome.value)).toEqual([['sub', 'a1']])
  })

  it.each<[string, Json | undefined]>([
    ['undefined', undefined],
    ['null', null],
    ['a string', '0oaApiA'],
    ['a number', 1],
    ['true', true],
    ['an array', [{ sub: 'a1' }]],
    ['an object without sub', {}],
    ['an empty sub', { sub: '' }],
    ['a sub that is a number', { sub: 1 }],
    ['a sub that is null', { sub: null }],
    ['a sub that is an array', { sub: ['a1'] }],
    ['a sub with a line break', { sub: 'a\nb' }],
    ['an oversized sub', { sub: 'a'.repeat(256) }],
    ['an iss that is a number', { sub: 'a1', iss: 1 }],
    ['an iss that is null', { sub: 'a1', iss: null }],
    ['a sub_profile that is an object', { sub: 'a1', sub_profile: {} }],
    ['an inner act of null', { sub: 'a1', act: null }],
    ['an inner act that is a string', { sub: 'a1', act: 'a2' }],
    ['an inner act without sub', { sub: 'a1', act: { act: { sub: 'a3' } } }],
    ['a bad iss far inside', { sub: 'a1', act: { sub: 'a2', act: { sub: 'a3', iss: [] } } }],
  ])('refuses %s', (_what, claim) => {
    expect(codeOf(claim)).toBe('actor_not_permitted')
  })

  test('refuses a chain that is longer than it may be', () => {
    for (let maxDepth = 1; maxDepth <= 5; maxDepth++) {
      expect(codeOf(toJson(chain(maxDepth)), maxDepth)).toBeUndefined()
      expect(codeOf(toJson(chain(maxDepth + 1)), maxDepth)).toBe('actor_chain_too_deep')
    }
    expect(codeOf({ sub: 'a1' }, 0)).toBe('actor_chain_too_deep')
  })

  test('goes no deeper than it may, however long the chain is', () => {
    let endless: Json = { sub: 'a' }
    for (let link = 0; link < 100_000; link++) endless = { sub: 'a', act: endless }
    expect(codeOf(endless)).toBe('actor_chain_too_deep')
  })

  test('never throws, and answers only identity members', () => {
    const names = fc.constantFrom('sub', 'iss', 'sub_profile', 'act', 'exp', '__proto__')
    const { claim } = fc.letrec<{ claim: Json }>((tie) => ({
      claim: fc.oneof(
        { maxDepth: 4 },
        fc.jsonValue({ maxDepth: 1 }).map(toJson),
        fc.dictionary(names, fc.oneof(tie('claim'), fc.string())),
        fc.record({ sub: fc.constantFrom('a', 'b'), act: tie('claim') }),
      ),
    }))
    fc.assert(
      fc.property(claim, (value) => {
        const outcome = parseActor(value, 4)
        if (!outcome.ok) return
        const actors = listActors(outcome.value)
        expect(actors.length).toBeLessThanOrEqual(4)
        for (const actor of actors)
          for (const name of Object.keys(actor)) expect(['sub', 'iss', 'sub_profile', 'act']).toContain(name)
      }),
      { numRuns: 500 },
    )
  })

  test('says no value in a denial', () => {
    for (const claim of [
      { sub: 'canary\n' },
      { sub: 'a', iss: 'canary\n' },
      { sub: 'a', sub_profile: 'canary\n' },
    ])
      expect(JSON.stringify(parseActor(claim, 4))).not.toContain('canary')
  })
})

describe('extendActorChain', () => {
  test('puts the current actor in front of the chain and leaves the chain as it was', () => {
    const prior = chain(2)
    const before = JSON.stringify(prior)
    expect(extendActorChain({ sub: 'a0', sub_profile: 'service' }, prior)).toEqual({
      sub: 'a0',
      sub_profile: 'service',
      act: chain(2),
    })
    expect(JSON.stringify(prior)).toBe(before)
  })

  test('starts a chain without a prior actor', () => {
    expect(Object.keys(extendActorChain({ sub: 'a0' }, undefined))).toEqual(['sub'])
  })
})

describe('listActors', () => {
  test('lists the current actor first', () => {
    expect(listActors(chain(3)).map(({ sub }) => sub)).toEqual(['a1', 'a2', 'a3'])
  })
})
