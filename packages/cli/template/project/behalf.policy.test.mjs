// @ts-check
import assert from 'node:assert/strict'
import { test } from 'node:test'

if (!process.features.typescript)
  throw new Error(
    `behalf.policy.ts needs Node 22.18 or later (of 23, 23.6), and this is Node ${process.versions.node}`,
  )
const { policy } = await import('./behalf.policy.ts')

/**
 * @param {...string} actors
 * @returns {import('@behalf/hook').Delegation}
 */
function delegation(...actors) {
  return {
    client: { id: actors[0] ?? '0oaApiA' },
    subject: {
      issuer: 'https://example.okta.com/oauth2/users',
      id: 'alice@example.com',
      claims: { aud: 'api://a' },
    },
    resource: { audience: 'https://orders.example' },
    scopes: ['orders:read'],
    actors: actors.map((sub) => ({ sub })),
    request: { timeMs: Date.now() },
  }
}

const { signal } = new AbortController()

test('a service may act for a user', async () => {
  assert.equal((await policy(delegation('0oaApiA'), signal)).decision, 'permit')
})

test('a third service in a row may not', async () => {
  assert.equal((await policy(delegation('0oaApiC', '0oaApiB', '0oaApiA'), signal)).decision, 'forbid')
})
