import { memoryRevocations, type RevocationOptions, type RevocationStore } from '@behalf/core'
import { Revocations, userKey } from '@behalf/core/internal'
import { ManualClock } from '@behalf/testing'
import { describe, expect, it, onTestFinished } from 'vitest'

const first = { org: 'example', stableClaims: ['uid'], claims: { uid: '00uAnn', iat: 100 } }
const ann = userKey('example', ['uid'], { uid: '00uAnn' }) ?? ''

function storeOf(find: (user: string) => unknown): RevocationStore {
  return Object({ find, raise: () => undefined })
}

function revocations(store: RevocationStore, options: Partial<RevocationOptions> = {}) {
  const clock = new ManualClock()
  return { clock, judge: new Revocations({ store, whenUnavailable: 'deny', ...options }, clock) }
}

describe('a user', () => {
  it.each([
    ['was never cut off', undefined, undefined],
    ['was cut off before', 99.9, undefined],
    ['was cut off at that very moment', 100, 'assertion_revoked'],
    ['was cut off within that second', 100.7, 'assertion_revoked'],
    ['was cut off later', 500, 'assertion_revoked'],
    ['was cut off for good', Number.POSITIVE_INFINITY, 'assertion_revoked'],
  ])('%s', async (_name, cutOff, code) => {
    for (const answer of [cutOff, Promise.resolve(cutOff)]) {
      const verdict = await revocations(storeOf(() => answer)).judge.judge(first)
      expect(verdict).toMatchObject(code === undefined ? { ok: true, value: 'current' } : { fault: { code } })
    }
  })

  it('who was ever cut off is refused a token that does not say when it was issued', async () => {
    const { judge } = revocations(storeOf(() => 1))
    for (const iat of [undefined, 'now', null, -1, Number.NaN])
      expect(
        await judge.judge({ ...first, claims: { uid: '00uAnn', ...(iat === undefined ? {} : { iat }) } }),
      ).toMatchObject({ fault: { code: 'assertion_revoked' } })
  })

  it('is found by what identifies them for good in their org, and never by a login', () => {
    const store = memoryRevocations()
    store.raise(ann, 200)
    const judge = (changes: object, claims: object = {}) =>
      new Revocations({ store, whenUnavailable: 'deny' }, new ManualClock()).judge({
        ...first,
        ...changes,
        claims: { ...first.claims, ...claims },
      })
    expect(judge({}, { sub: 'new-login@example.com' })).toMatchObject({ ok: false })
    expect(judge({ org: 'partner' })).toMatchObject({ ok: true })
    expect(judge({}, { uid: '00uBob', sub: 'ann@example.com' })).toMatchObject({ ok: true })
    expect(judge({ stableClaims: ['sub'] }, { sub: '00uAnn' })).toMatchObject({ ok: true })
  })

  it.each([undefined, '', ' 00uAnn', {}, ['00uAnn'], true, 1.5])(
    'whom nothing identifies (uid %j) is refused',
    async (uid) => {
      const claims = { iat: 100, ...(uid === undefined ? {} : { uid }) }
      const { judge } = revocations(memoryRevocations(), { whenUnavailable: 'permit' })
      expect(await judge.judge({ ...first, claims })).toMatchObject({
        fault: { code: 'assertion_subject_missing', detail: expect.stringContaining('uid') },
      })
    },
  )
})

const broken: readonly (readonly [string, () => unknown])[] = [
  [
    'throws',
    () => {
      throw Object.assign(new Error('secret'), { code: 'ECONNREFUSED' })
    },
  ],
  ['rejects', () => Promise.reject(new Error('secret'))],
  ['answers a text', () => '100'],
  ['answers no number', () => Number.NaN],
  ['answers false', () => Promise.resolve(false)],
]

describe.each(broken)('a store that %s', (_name, find) => {
  it('denies or permits as was chosen, and says so without values', async () => {
    const told: string[] = []
    const onUnavailable = (detail: string) => told.push(detail)
    const denied = await revocations(storeOf(find), { onUnavailable }).judge.judge(first)
    const permitted = await revocations(storeOf(find), {
      whenUnavailable: 'permit',
      onUnavailable,
    }).judge.judge(first)
    expect(denied).toMatchObject({ fault: { code: 'revocation_unavailable' } })
    expect(permitted).toEqual({ ok: true, value: 'unknown' })
    expect(told).toHaveLength(2)
    expect(JSON.stringify([denied, told])).not.toContain('secret')
  })
})

describe('who is told that a store failed', () => {
  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('the pager is down')
      },
    ],
    ['rejects', async () => Promise.reject(new Error('the pager is down'))],
  ])('%s, and nothing comes of it', async (_name, fails) => {
    const unhandled: unknown[] = []
    const listener = (error: unknown) => unhandled.push(error)
    process.on('unhandledRejection', listener)
    onTestFinished(() => {
      process.off('unhandledRejection', listener)
    })
    const { judge } = revocations(
      storeOf(() => false),
      { onUnavailable: () => void 0 },
    )
    const { judge: failing } = revocations(
      storeOf(() => false),
      { onUnavailable: Object(fails) },
    )
    expect(await failing.judge(first)).toEqual(await judge.judge(first))
    // Node tells of rejections that nobody handles before it comes to timers.
    await new Promise((resolve) => setImmediate(resolve))
    expect(unhandled).toEqual([])
  })
})

describe('a store that hangs', () => {
  it('is waited for as long as it may take, and no longer than the deadline', async () => {
    const { clock, judge } = revocations(
      storeOf(() => new Promise(() => undefined)),
      { timeoutMs: 50 },
    )
    const late = judge.judge(first)
    clock.advance(49)
    expect(clock.pending).toBe(1)
    clock.advance(1)
    expect(await late).toMatchObject({ fault: { code: 'revocation_unavailable' } })
    const deadline = new AbortController()
    const ended = judge.judge(first, deadline)
    deadline.abort()
    expect(await ended).toMatchObject({ fault: { code: 'revocation_unavailable' } })
  })
})
