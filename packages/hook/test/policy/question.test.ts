import type { Delegation } from '@behalf/hook'
import { ManualClock } from '@behalf/testing'
import { describe, expect, it } from 'vitest'
import { type ExchangeOptions, exchange } from './exchange.ts'

const clock = new ManualClock()

/** What the policy is asked in an exchange. */
async function questionOf(options: ExchangeOptions = {}): Promise<Delegation | undefined> {
  let asked: Delegation | undefined
  await exchange({
    ...options,
    config: {
      policy: (delegation) => {
        asked = delegation
        return { decision: 'permit' }
      },
    },
  })
  return asked
}

describe('the question to the policy', () => {
  it('says who wants to act for whom, where, with which scopes, and when', async () => {
    const asked = await questionOf({ chain: { sub: '0oaFront' }, claims: { department: 'sales' } })
    const server = 'https://example.okta.com/oauth2/default'
    const front = { iss: expect.stringMatching(/^http:\/\/127/), sub: '0oaFront' }
    expect(asked).toEqual({
      client: { id: '0oaApiA', name: 'API A' },
      subject: {
        issuer: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/oauth2\/default$/),
        id: 'ann@example.com',
        claims: expect.objectContaining({
          sub: 'ann@example.com',
          department: 'sales',
        }),
      },
      resource: { audience: 'api://b', authorizationServer: 'https://example.okta.com/oauth2/default' },
      scopes: ['orders:read'],
      actors: [{ iss: server, sub: '0oaApiA', sub_profile: 'service', act: front }, front],
      request: { id: 'request-1', ipAddress: '203.0.113.7', timeMs: clock.now() },
    })
  })

  it('names no audience when the token has several', async () => {
    const asked = await questionOf({ event: { accessClaims: { aud: ['api://b', 'api://c'] } } })
    expect(asked?.resource.audience).toBeUndefined()
  })
})
