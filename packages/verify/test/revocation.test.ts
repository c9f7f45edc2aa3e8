import { memoryRevocations, type RevocationStore } from '@behalf/core'
import { userKey } from '@behalf/core/internal'
import { createVerifier } from '@behalf/verify'
import { describe, expect, it } from 'vitest'
import { refusalOf, TestBed } from './setup.ts'

const bed = TestBed.forFile()
const org = 'https://example.okta.com'
const users = 'https://example.okta.com/oauth2/default'
const ann = userKey(org, ['uid'], { uid: '00uAnn' }) ?? ''

function verifier(store: RevocationStore, changes: object = {}) {
  return createVerifier({
    ...bed.options,
    assertionIssuers: { [users]: { org } },
    revocation: { store, whenUnavailable: 'deny', ...changes },
  })
}

const issuedAt = (iat: number, own: object = {}): string =>
  bed.delegated({ assertion: bed.assertion({ uid: '00uAnn', iat }), ...own })

describe('a delegated token of a user who was cut off', () => {
  it('is refused by when the first token was issued, and not by its own time', async () => {
    const store = memoryRevocations()
    const now = bed.clock.seconds
    store.raise(ann, now - 10)
    const refusal = await refusalOf(verifier(store).verify(issuedAt(now - 10, { iat: now })))
    expect(refusal).toMatchObject({
      code: 'assertion_revoked',
      status: 401,
      challengeError: 'invalid_token',
      retryable: false,
    })
    expect(await verifier(store).verify(issuedAt(now - 9, { iat: now - 9 }))).toMatchObject({
      kind: 'delegated',
    })
  })

  it('is refused from the next request on, although it was verified and remembered', async () => {
    const store = memoryRevocations()
    const api = verifier(store)
    const token = issuedAt(bed.clock.seconds)
    await api.verify(token)
    store.raise(ann, bed.clock.seconds)
    expect(await refusalOf(api.verify(token))).toMatchObject({ code: 'assertion_revoked' })
  })

  it('is refused whoever holds the login now, and nobody else is', async () => {
    const store = memoryRevocations()
    store.raise(ann, bed.clock.seconds)
    const of = (changes: object): string =>
      bed.delegated({ assertion: bed.assertion({ uid: '00uAnn', iat: bed.clock.seconds, ...changes }) })
    expect((await refusalOf(verifier(store).verify(of({})))).code).toBe('assertion_revoked')
    expect(await verifier(store).verify(of({ uid: '00uBob' }))).toMatchObject({ subject: 'ann@example.com' })
    const partners = createVerifier({
      ...bed.options,
      assertionIssuers: { [users]: { org: 'partner' } },
      revocation: { store, whenUnavailable: 'deny' },
    })
    expect(await partners.verify(of({}))).toMatchObject({ kind: 'delegated' })
  })

  it('is refused where nothing in it identifies the user for good, which no store could then say', async () => {
    const store = memoryRevocations()
    const token = bed.delegated({ assertion: bed.assertion({ iat: bed.clock.seconds }) })
    expect(await refusalOf(verifier(store).verify(token))).toMatchObject({
      code: 'token_invalid',
      detail: expect.stringContaining('uid'),
    })
  })

  it('asks nobody for what is refused anyway', async () => {
    let asked = 0
    const store: RevocationStore = { find: () => void asked++, raise: () => undefined }
    await refusalOf(verifier(store).verify(issuedAt(bed.clock.seconds), { requiredScopes: ['orders:write'] }))
    expect(asked).toBe(0)
    await verifier(store).verify(issuedAt(bed.clock.seconds))
    expect(asked).toBe(1)
  })
})

describe("a user's own token, and a machine's", () => {
  it('are judged by themselves; nobody is asked about a machine', async () => {
    const store = memoryRevocations()
    store.raise(ann, bed.clock.seconds)
    const api = createVerifier({
      ...bed.options,
      accept: ['user', 'machine'],
      org,
      revocation: { store, whenUnavailable: 'deny' },
    })
    expect((await refusalOf(api.verify(bed.user()))).code).toBe('assertion_revoked')
    expect(await api.verify(bed.user({ iat: bed.clock.seconds + 1 }))).toMatchObject({ kind: 'user' })
    expect(await api.verify(bed.machine())).toMatchObject({ kind: 'machine' })
  })
})

describe('a store that fails', () => {
  const failing: RevocationStore = { find: () => Promise.reject(new Error('down')), raise: () => undefined }

  it('refuses with 503 or permits, as was chosen, and somebody is told', async () => {
    const told: string[] = []
    const onUnavailable = (detail: string) => told.push(detail)
    const token = issuedAt(bed.clock.seconds)
    expect(await refusalOf(verifier(failing, { onUnavailable }).verify(token))).toMatchObject({
      code: 'revocation_unavailable',
      status: 503,
      challengeError: undefined,
    })
    expect(await verifier(failing, { whenUnavailable: 'permit', onUnavailable }).verify(token)).toMatchObject(
      {
        kind: 'delegated',
      },
    )
    expect(told).toHaveLength(2)
  })
})

describe('options', () => {
  it.each([
    [{ assertionIssuers: undefined }, 'assertionIssuers: missing; expected it beside revocation'],
    [{ assertionIssuers: { [users]: {} } }, `assertionIssuers["${users}"].org: missing`],
    [
      { assertionIssuers: { 'https://kc.example': { org } } },
      'assertionIssuers["https://kc.example"].dialect: missing',
    ],
    [{ assertionIssuers: { [users]: { org: '' } } }, `assertionIssuers["${users}"].org: expected a name`],
    [{ accept: ['user'], assertionIssuers: undefined }, 'org: missing'],
    [{ revocation: { store: memoryRevocations() } }, 'revocation.whenUnavailable: missing'],
    [{ revocation: { store: {}, whenUnavailable: 'deny' } }, 'revocation.store: expected a store'],
  ])('%j are refused', (changes, fault) => {
    const options = {
      ...bed.options,
      assertionIssuers: { [users]: { org } },
      revocation: { store: memoryRevocations(), whenUnavailable: 'deny' },
      ...changes,
    }
    const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
    expect(() => createVerifier(Object(given))).toThrow(fault)
  })

  it('may name a dialect of an issuer, by whose stable claims its users are found', async () => {
    const kc = 'https://kc.example'
    const store = memoryRevocations()
    store.raise(userKey(org, ['sub'], { sub: 'id-7' }) ?? '', bed.clock.seconds)
    const api = createVerifier({
      ...bed.options,
      assertionIssuers: { [kc]: { org, dialect: 'keycloak' } },
      revocation: { store, whenUnavailable: 'deny' },
    })
    const token = bed.delegated({
      sub: 'id-7',
      assertion: bed.assertion({ iss: kc, sub: 'id-7', iat: bed.clock.seconds }),
    })
    expect((await refusalOf(api.verify(token))).code).toBe('assertion_revoked')
  })
})
