import { HookBench } from '@behalf/testing/hook'
import { afterAll, describe, expect, it } from 'vitest'

const bench = await HookBench.start()
afterAll(() => bench.close())

describe('the client', () => {
  it('is one that is configured', async () => {
    const { record } = await bench.send(bench.event({ clientId: '0oaOther' }))
    expect(record).toMatchObject({
      code: 'client_not_permitted',
      step: 'bind',
      detail: 'the client is not configured',
      client: '0oaOther',
      subject: 'ann@example.com',
    })
  })

  it("is any that Okta lets through where the operator says 'any'", async () => {
    expect((await bench.send(bench.event({ clientId: '0oaOther' }), { clients: 'any' })).outcome).toBe(
      'permit',
    )
  })

  it.each(['toString', 'constructor', '__proto__', 'hasOwnProperty'])(
    'named %s is none by nature',
    async (id) => {
      expect((await bench.send(bench.event({ clientId: id }))).outcome).toBe('client_not_permitted')
    },
  )

  it('is bound to issuers, audiences and scopes', async () => {
    const issuers = [
      { issuer: bench.issuer.issuer, audiences: ['api://a', 'api://other'] },
      { issuer: 'https://other.example', audiences: ['api://a'] },
    ]
    const withBinding = (binding: object, event = bench.event()) =>
      bench.send(event, { issuers, clients: { '0oaApiA': binding } })
    expect((await withBinding({ issuers: ['https://other.example'] })).record).toMatchObject({
      code: 'client_not_permitted',
      detail: 'not for assertions of this issuer',
    })
    expect((await withBinding({ audiences: ['api://other'] })).record).toMatchObject({
      code: 'client_not_permitted',
      detail: 'not for assertions of this audience',
    })
    expect((await withBinding({ scopes: ['orders:write'] })).record).toMatchObject({
      code: 'scope_not_permitted',
      detail: 'not permitted: orders:read',
    })
    expect((await withBinding({ scopes: [] }, bench.event({ scopes: [] }))).record).toMatchObject({
      code: 'scope_not_permitted',
      detail: 'the event names no scope',
    })
    const all = { issuers: [bench.issuer.issuer], audiences: ['api://a'], scopes: ['orders:read'] }
    expect((await withBinding(all)).outcome).toBe('permit')
    const forBoth = bench.event({ assertion: bench.assertion({ aud: ['api://a', 'api://other'] }) })
    expect((await withBinding(all, forBoth)).outcome).toBe('permit')
  })
})

describe('may_act', () => {
  const issuer = 'https://example.okta.com/oauth2/default'
  it.each([
    [{ sub: '0oaApiA' }, 'permit'],
    [{ sub: '0oaApiA', iss: issuer, sub_profile: 'service' }, 'permit'],
    [{ sub: '0oaApiB' }, 'actor_not_permitted'],
    [{ sub: '0oaApiA', iss: `${issuer}/` }, 'actor_not_permitted'],
    [{ sub: '0oaApiA', sub_profile: 'ai_agent' }, 'actor_not_permitted'],
    [{ sub: '0oaApiA', email: 'a@example.com' }, 'actor_not_permitted'],
    [null, 'actor_not_permitted'],
    ['0oaApiA', 'actor_not_permitted'],
  ])('%j: %s', async (mayAct, outcome) => {
    const event = bench.event({ assertion: bench.assertion({ may_act: mayAct }) })
    expect((await bench.send(event)).outcome).toBe(outcome)
  })

  it('with an issuer needs the event to name one', async () => {
    const assertion = bench.assertion({ may_act: { sub: '0oaApiA', iss: issuer } })
    const event = bench.event({ assertion }, ({ data }) => {
      Object.assign(data.context.protocol, { issuer: {} })
    })
    expect((await bench.send(event)).outcome).toBe('actor_not_permitted')
  })
})

describe('the actor chain', () => {
  const chain = { sub: '0oaC', iss: 'https://x.example', act: { sub: '0oaB', act: { sub: '0oaA' } } }

  it('has the client first, and identity members only', async () => {
    const assertion = bench.assertion({ act: { ...chain, exp: 1, scp: ['admin'] } })
    const { claims, record } = await bench.send(bench.event({ assertion }))
    expect(claims?.['act']).toEqual({ sub: '0oaApiA', sub_profile: 'service', act: chain })
    expect(record.actors).toEqual(['0oaApiA', '0oaC', '0oaB', '0oaA'])
  })

  it('may be as deep as configured, the client included', async () => {
    const event = bench.event({ assertion: bench.assertion({ act: chain }) })
    expect((await bench.send(event, { limits: { maxActorDepth: 4 } })).outcome).toBe('permit')
    const { record } = await bench.send(event, { limits: { maxActorDepth: 3 } })
    expect(record).toMatchObject({ code: 'actor_chain_too_deep', step: 'extend' })
    expect(record).not.toHaveProperty('actors')
  })
})
