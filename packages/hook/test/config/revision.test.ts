import { type BehalfConfig, createHook } from '@behalf/hook'
import { sealed } from '@behalf/hook/sealing'
import { SealingPair } from '@behalf/testing'
import { expect, test } from 'vitest'

const authenticate = { header: 'Authorization', secrets: ['hook-secret-0123456789'] }
const base: BehalfConfig = {
  authenticate,
  issuers: [{ issuer: 'https://example.okta.com/oauth2/users', audiences: ['api://a'] }],
  clients: { '0oaApiA': { scopes: ['orders:read'] }, '0oaApiC': {} },
  resources: { 'https://orders.example': { scopes: { 'orders:read': {} } } },
}
const digestOf = (config: BehalfConfig): string | undefined => createHook(config).revision.configuration

test('the same configuration has the same digest, however it is written and with whichever secret', () => {
  const digest = digestOf(base)
  expect(digest).toMatch(/^[0-9a-f]{16}$/)
  const { authenticate: _, ...others } = base
  const { jwk } = new SealingPair()
  const other = new SealingPair('other')
  for (const same of [
    { ...others, authenticate },
    { ...base, clients: { '0oaApiC': {}, '0oaApiA': { scopes: ['orders:read'] } } },
    { ...base, missingAssertion: 'deny' as const },
    { ...base, authenticate: { secrets: ['another-secret-0123456789', 'hook-secret-0123456789'] } },
    { ...base, authenticate: { secrets: async () => ['another-secret-0123456789'] } },
  ])
    expect(digestOf(same)).toBe(digest)
  const sealing = digestOf({ ...base, sealing: sealed({ keys: JSON.stringify(jwk) }) })
  expect(sealing).not.toBe(digest)
  expect(digestOf({ ...base, sealing: sealed({ keys: JSON.stringify(other.jwk) }) })).toBe(sealing)
})

test('a key in the query of a URL is no part of it', () => {
  const withKeysAt = (jwksUri: string): string | undefined =>
    digestOf({ ...base, issuers: base.issuers.map((issuer) => ({ ...issuer, jwksUri })) })
  const digest = withKeysAt('https://keys.example/jwks?key=1234')
  expect(withKeysAt('https://keys.example/jwks?key=5678')).toBe(digest)
  expect(withKeysAt('HTTPS://keys.example/jwks?key=5678')).toBe(
    withKeysAt('HTTPS://keys.example/jwks?key=1234'),
  )
  expect(withKeysAt('https://others.example/jwks?key=1234')).not.toBe(digest)
})

test.each<[string, Partial<BehalfConfig>]>([
  ['another client', { clients: { '0oaApiA': { scopes: ['orders:read'] } } }],
  ['another scope', { clients: { '0oaApiA': { scopes: ['orders:write'] }, '0oaApiC': {} } }],
  [
    'another issuer',
    { issuers: [{ issuer: 'https://example.okta.com/oauth2/other', audiences: ['api://a'] }] },
  ],
  ['another limit', { limits: { deadlineMs: 1_000 } }],
  ['another header', { authenticate: { header: 'X-Hook', secrets: ['hook-secret-0123456789'] } }],
  ['a policy', { policy: () => ({ decision: 'permit' }) }],
  ['no resources', { resources: undefined }],
])('%s makes another digest', (_, change) => {
  expect(digestOf({ ...base, ...change })).not.toBe(digestOf(base))
})
