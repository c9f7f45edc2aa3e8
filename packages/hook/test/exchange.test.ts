import { type BehalfConfig, createHook, type DecisionRecord } from '@behalf/hook'
import { hookEvent, ManualClock, TestIssuer, userClaims } from '@behalf/testing'
import { describe, expect, it } from 'vitest'

function configFor(issuer: string): BehalfConfig {
  return {
    authenticate: { secrets: ['hook-secret-0123456789'] },
    issuers: [{ issuer, audiences: ['api://a'] }],
    clients: { '0oaApiA': { audiences: ['api://a'], scopes: ['orders:read'] } },
  }
}

describe('an exchange', () => {
  it('answers with the commands that make the delegated token', async () => {
    await using issuer = await TestIssuer.start()
    const records: DecisionRecord[] = []
    const clock = new ManualClock()
    const onDecision = (record: DecisionRecord): unknown => records.push(record)
    const hook = createHook(configFor(issuer.issuer), { clock, onDecision })
    const claims = userClaims(clock.seconds, { exp: clock.seconds + 1800, department: 'sales' })
    const event = hookEvent({ assertion: issuer.sign(claims) })

    const answer = await hook.handle({
      headers: new Map([['authorization', ['hook-secret-0123456789']]]),
      body: JSON.stringify(event),
    })

    expect(answer.status).toBe(200)
    const { commands } = JSON.parse(answer.body)
    expect(commands).toEqual([
      {
        type: 'com.okta.access.patch',
        value: [
          { op: 'replace', path: '/claims/sub', value: 'ann@example.com' },
          {
            op: 'add',
            path: '/claims/act',
            value: { iss: 'https://example.okta.com/oauth2/default', sub: '0oaApiA', sub_profile: 'service' },
          },
          { op: 'add', path: '/claims/assertion', value: { iss: issuer.issuer, ...claims } },
          { op: 'replace', path: '/token/lifetime/expiration', value: 1800 },
        ],
      },
    ])
    expect(records).toEqual([
      expect.objectContaining({
        decision: 'permit',
        step: 'commands',
        client: '0oaApiA',
        issuer: issuer.issuer,
        subject: 'ann@example.com',
        actors: ['0oaApiA'],
        audience: 'api://b',
        scopes: ['orders:read'],
      }),
    ])
  })
})
