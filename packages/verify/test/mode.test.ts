import { createVerifier } from '@behalf/verify'
import { describe, expect, it } from 'vitest'
import { refusalOf, TestBed } from './setup.ts'

const bed = TestBed.forFile()
const machines = () => createVerifier({ ...bed.options, mode: 'machine' })
const both = () => createVerifier({ ...bed.options, mode: 'either' })

describe('machine', () => {
  it('accepts a client in its own name', async () => {
    const access = await machines().verify(bed.machine())
    expect(access).toMatchObject({ kind: 'machine', client: '0oaApiA', scopes: ['orders:read'] })
    expect(access.expiresAt).toBe(bed.clock.seconds + 300)
  })

  it.each<[string, () => string]>([
    ['a delegated token', () => bed.delegated()],
    ["a user's own token", () => bed.user()],
    ["a user's own token whose login was chosen to be a client id", () => bed.user({ sub: '0oaSpa' })],
    ['a machine token that names an actor', () => bed.machine({ act: { sub: '0oaApiA' } })],
    ['a machine token that carries an assertion', () => bed.machine({ assertion: bed.assertion() })],
    ['a token without cid', () => bed.machine({ cid: undefined, sub: undefined })],
  ])('refuses %s', async (_, token) => {
    expect((await refusalOf(machines().verify(token()))).code).toBe('token_invalid')
  })

  it('holds to the allowed actors and the required scopes', async () => {
    const verifier = createVerifier({ ...bed.options, mode: 'machine', allowedActors: ['0oaOther'] })
    expect((await refusalOf(verifier.verify(bed.machine()))).code).toBe('actor_not_allowed')
    const scoped = createVerifier({ ...bed.options, mode: 'machine', requiredScopes: ['jobs:run'] })
    expect((await refusalOf(scoped.verify(bed.machine()))).code).toBe('insufficient_scope')
  })
})

describe('either', () => {
  it('tells which it was', async () => {
    expect((await both().verify(bed.machine())).kind).toBe('machine')
    expect((await both().verify(bed.delegated())).kind).toBe('delegated')
  })

  it('asks only delegated tokens who issued their assertion', async () => {
    const allowedAssertionIssuers = ['https://example.okta.com/oauth2/other']
    const verifier = createVerifier({ ...bed.options, mode: 'either', allowedAssertionIssuers })
    expect((await verifier.verify(bed.machine())).kind).toBe('machine')
    expect((await refusalOf(verifier.verify(bed.delegated()))).code).toBe('token_invalid')
  })

  it.each<[string, () => string, string]>([
    ["a user's own token", () => bed.user(), 'token_undelegated'],
    ["a user's own token named like its client", () => bed.user({ sub: '0oaSpa' }), 'token_undelegated'],
    ['a forged actor', () => bed.delegated({ act: { sub: '0oaOther' } }), 'actor_mismatch'],
    ['an actor beside a machine', () => bed.machine({ act: { sub: '0oaApiA' } }), 'token_undelegated'],
    ['an assertion beside a machine', () => bed.machine({ assertion: {} }), 'token_undelegated'],
    [
      'a delegation of the client to itself',
      () => bed.machine({ act: { sub: '0oaApiA' }, assertion: bed.assertion({ sub: '0oaApiA' }) }),
      'token_undelegated',
    ],
    ['a null actor beside a machine', () => bed.machine({ act: null }), 'token_undelegated'],
    ['an ended assertion', () => bed.delegated({ assertion: bed.assertion({ exp: 1 }) }), 'token_expired'],
  ])('never takes %s for a machine', async (_, token, code) => {
    expect((await refusalOf(both().verify(token()))).code).toBe(code)
  })
})

it('is delegated unless told otherwise', async () => {
  const verifier = createVerifier(bed.options)
  const error = await refusalOf(verifier.verify(bed.machine()))
  expect([error.code, error.status]).toEqual(['token_undelegated', 401])
  expect((await refusalOf(verifier.verify(bed.user()))).code).toBe('token_undelegated')
})
