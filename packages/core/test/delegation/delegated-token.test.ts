import { delegatedClaims, type LooseObject, ManualClock } from '@behalf/testing'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { readDelegatedToken } from '../../src/delegation/read-delegated-token.ts'
import type { Denial } from '../../src/errors/denial.ts'
import type { JsonObject } from '../../src/json/json.ts'
import type { Result } from '../../src/result.ts'

const nowSeconds = new ManualClock().seconds
const claims: JsonObject = JSON.parse(JSON.stringify(delegatedClaims(nowSeconds)))
const assertion = claims['assertion']
const assertionWith = (changes: LooseObject): LooseObject => ({ ...Object(assertion), ...changes })

const read = (changes: LooseObject = {}, maxActorDepth?: number): ReturnType<typeof readDelegatedToken> =>
  readDelegatedToken(JSON.parse(JSON.stringify({ ...claims, ...changes })), {
    nowSeconds,
    ...(maxActorDepth === undefined ? {} : { maxActorDepth }),
  })
const codeOf = (outcome: Result<unknown, Denial>): string | undefined =>
  outcome.ok ? undefined : outcome.fault.code

describe('readDelegatedToken', () => {
  test.each([
    [{}, ['nowSeconds: missing; expected a whole number, 0 or more']],
    [{ nowSeconds: Number.NaN }, ['nowSeconds: expected a whole number, 0 or more']],
    [
      { nowSeconds, maxActorsDepth: 2, subject: 'client' },
      ["subject: expected 'assertion' or 'keep'", expect.stringMatching(/^maxActorsDepth: .*unknown/)],
    ],
  ])('refuses the options %j, all faults at once', (options, faults) => {
    const call = () => Reflect.apply(readDelegatedToken, undefined, [claims, options])
    expect(call).toThrow(TypeError)
    try {
      call()
    } catch (error) {
      expect(String(error).split('\n- ').slice(1)).toEqual(faults)
    }
  })

  test('says for whom, by whom and until when', () => {
    const actor = { sub: '0oaApiA', sub_profile: 'service' }
    expect(read()).toEqual({
      ok: true,
      value: {
        subject: 'ann@example.com',
        user: { issuer: 'https://example.okta.com/oauth2/default', subject: 'ann@example.com' },
        actor,
        actors: [actor],
        assertion,
        expiresAt: nowSeconds + 300,
      },
    })
  })

  test('names all actors, the current one first, and only that one drives', () => {
    const outcome = read({
      act: { sub: '0oaApiA', act: { sub: '0oaSpaBackend', act: { sub: '0oaGateway' } } },
    })
    expect(outcome.ok && outcome.value.actors.map(({ sub }) => sub)).toEqual([
      '0oaApiA',
      '0oaSpaBackend',
      '0oaGateway',
    ])
    expect(outcome.ok && outcome.value.actor.sub).toBe('0oaApiA')
  })

  describe('with the subject kept', () => {
    const readKept = (changes: LooseObject = {}) =>
      readDelegatedToken(JSON.parse(JSON.stringify({ ...claims, sub: '0oaApiA', ...changes })), {
        nowSeconds,
        subject: 'keep',
      })

    test('takes the user from the assertion', () => {
      const outcome = readKept()
      expect(outcome.ok && outcome.value.subject).toBe('ann@example.com')
    })

    test.each<[string, LooseObject]>([
      ['subject_mismatch', { sub: 'ann@example.com' }],
      ['token_undelegated', { assertion: assertionWith({ sub: '0oaApiA' }) }],
      ['token_undelegated', { act: undefined, assertion: undefined }],
      ['actor_mismatch', { cid: '0oaOther', sub: '0oaOther' }],
    ])('answers %s to %j', (code, changes) => {
      expect(codeOf(readKept(changes))).toBe(code)
    })

    test('is refused by a reader that was not told', () => {
      expect(codeOf(read({ sub: '0oaApiA' }))).toBe('token_undelegated')
    })
  })

  test('ends with the token or with its assertion, whichever is first', () => {
    const ends = (exp: number, assertionExp: number): number | false => {
      const outcome = read({ exp, assertion: assertionWith({ exp: assertionExp }) })
      return outcome.ok && outcome.value.expiresAt
    }
    expect(ends(nowSeconds + 300, nowSeconds + 200)).toBe(nowSeconds + 200)
    expect(ends(nowSeconds + 200, nowSeconds + 300)).toBe(nowSeconds + 200)
  })

  it.each<[string, LooseObject, string]>([
    ['a plain machine token', { act: undefined, assertion: undefined, sub: '0oaApiA' }, 'token_undelegated'],
    ['a plain user token', { act: undefined, assertion: undefined }, 'token_undelegated'],
    ['no act', { act: undefined }, 'token_undelegated'],
    ['no assertion', { assertion: undefined }, 'token_undelegated'],
    ['sub that is the client', { sub: '0oaApiA' }, 'token_undelegated'],
    ['act.sub that is another client', { act: { sub: '0oaEvil' } }, 'actor_mismatch'],
    ['act.sub in other case', { act: { sub: '0OAAPIA' } }, 'actor_mismatch'],
    [
      'only the inner actor that is the client',
      { act: { sub: '0oaEvil', act: { sub: '0oaApiA' } } },
      'actor_mismatch',
    ],
    ['no cid', { cid: undefined }, 'actor_mismatch'],
    ['cid of another client', { cid: '0oaEvil' }, 'actor_mismatch'],
    ['cid that is an array', { cid: ['0oaApiA'] }, 'actor_mismatch'],
    ['cid that is null', { cid: null }, 'actor_mismatch'],
    [
      'assertion.sub of another user',
      { assertion: assertionWith({ sub: 'bob@example.com' }) },
      'subject_mismatch',
    ],
    [
      'assertion.sub in other case',
      { assertion: assertionWith({ sub: 'Ann@example.com' }) },
      'subject_mismatch',
    ],
    ['sub of another user', { sub: 'bob@example.com' }, 'subject_mismatch'],
    ['an assertion that has ended', { assertion: assertionWith({ exp: nowSeconds }) }, 'token_expired'],
    ['exp that has passed', { exp: nowSeconds }, 'token_expired'],
    ['no sub', { sub: undefined }, 'token_invalid'],
    ['an empty sub', { sub: '' }, 'token_invalid'],
    ['sub that is a number', { sub: 1 }, 'token_invalid'],
    ['sub with a line break', { sub: 'ann\n' }, 'token_invalid'],
    ['act of null', { act: null }, 'token_invalid'],
    ['act that is a string', { act: '0oaApiA' }, 'token_invalid'],
    ['act without sub', { act: {} }, 'token_invalid'],
    ['an inner act without sub', { act: { sub: '0oaApiA', act: {} } }, 'token_invalid'],
    ['an assertion of null', { assertion: null }, 'token_invalid'],
    ['an assertion that is a token', { assertion: 'eyJ.eyJ.x' }, 'token_invalid'],
    ['an assertion that is an array', { assertion: [assertion] }, 'token_invalid'],
    ['an assertion without iss', { assertion: assertionWith({ iss: undefined }) }, 'token_invalid'],
    ['an assertion without sub', { assertion: assertionWith({ sub: undefined }) }, 'token_invalid'],
    ['an assertion without exp', { assertion: assertionWith({ exp: undefined }) }, 'token_invalid'],
    [
      'assertion.exp that is a string',
      { assertion: assertionWith({ exp: `${nowSeconds + 60}` }) },
      'token_invalid',
    ],
    [
      'assertion.exp with a fraction',
      { assertion: assertionWith({ exp: nowSeconds + 0.5 }) },
      'token_invalid',
    ],
    ['no exp', { exp: undefined }, 'token_invalid'],
    ['exp that is a string', { exp: `${nowSeconds + 60}` }, 'token_invalid'],
    ['exp past the year 9999', { exp: 1e300 }, 'token_invalid'],
  ])('refuses %s', (_what, changes, code) => {
    expect(codeOf(read(changes))).toBe(code)
  })

  test('allows four actors unless told otherwise', () => {
    const act = (length: number): LooseObject =>
      Array.from({ length: length - 1 }).reduce<LooseObject>((inner) => ({ sub: 'x', act: inner }), {
        sub: 'x',
      })
    const claim = (length: number): LooseObject => ({ act: { ...act(length), sub: '0oaApiA' } })
    expect(codeOf(read(claim(4)))).toBeUndefined()
    expect(codeOf(read(claim(5)))).toBe('actor_chain_too_deep')
    expect(codeOf(read(claim(5), 5))).toBeUndefined()
    expect(codeOf(read(claim(2), 1))).toBe('actor_chain_too_deep')
  })

  test('is fooled by no member __proto__', () => {
    const text = JSON.stringify({ ...claims, act: undefined }).replace(
      '{',
      '{"__proto__":{"act":{"sub":"0oaApiA"}},',
    )
    expect(codeOf(readDelegatedToken(JSON.parse(text), { nowSeconds }))).toBe('token_undelegated')
  })

  test('never throws, and accepts only what holds together', () => {
    const names = fc.constantFrom('act', 'assertion', 'cid', 'sub', 'exp')
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom<unknown>('0oaApiA', 'ann@example.com', { sub: '0oaApiA' }, assertion, nowSeconds + 5),
    )
    fc.assert(
      fc.property(fc.dictionary(names, value, { maxKeys: 3 }), (changes) => {
        const outcome = read(changes)
        if (!outcome.ok) return
        expect(outcome.value.actor.sub).toBe({ ...claims, ...changes }['cid'])
        expect(outcome.value.subject).toBe(outcome.value.assertion.sub)
        expect(outcome.value.subject).not.toBe(outcome.value.actor.sub)
        expect(outcome.value.expiresAt).toBeGreaterThan(nowSeconds)
      }),
      { numRuns: 500 },
    )
  })

  test('says no claim value in a denial', () => {
    const marked = JSON.stringify(claims).replaceAll('0oaApiA', 'canary').replaceAll('ann@', 'canary@')
    for (const changes of [
      { cid: 'canary2' },
      { sub: 'canary' },
      { sub: 'canary2' },
      { exp: 0 },
      { act: 'canary' },
    ]) {
      const outcome = readDelegatedToken({ ...JSON.parse(marked), ...changes }, { nowSeconds })
      expect(outcome.ok).toBe(false)
      expect(JSON.stringify(outcome)).not.toContain('canary')
    }
  })
})
