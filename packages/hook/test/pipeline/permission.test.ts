import { HookBench } from '@behalf/testing/hook'
import { afterAll, describe, expect, it } from 'vitest'

const bench = await HookBench.startChain()
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
      { issuer: bench.issuer.issuer, audiences: ['api://a', 'api://other'], org: 'one' },
      { issuer: 'https://other.example/oauth2/x', audiences: ['api://a'], org: 'one' },
    ]
    const withBinding = (binding: object, event = bench.event()) =>
      bench.send(event, {
        issuers,
        clients: { '0oaApiA': { audiences: ['api://a', 'api://other'], ...binding } },
      })
    expect((await withBinding({ issuers: ['https://other.example/oauth2/x'] })).record).toMatchObject({
      code: 'client_not_permitted',
      detail: 'not for users of this issuer',
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

  it.each([
    [{ sub: '0oaApiA' }, 'permit'],
    [{ sub: '0oaFront' }, 'actor_not_permitted'],
    [null, 'actor_not_permitted'],
  ])('of a delegated token itself counts, too: %j: %s', async (mayAct, outcome) => {
    const event = bench.event({ assertion: bench.chained({ may_act: mayAct }) })
    expect((await bench.send(event)).outcome).toBe(outcome)
  })

  it('with an issuer needs the event to name one', async () => {
    const assertion = bench.assertion({ may_act: { sub: '0oaApiA', iss: issuer } })
    const event = bench.event({ assertion }, ({ data }) => {
      Object.assign(data.context.protocol, { issuer: {} })
      delete data.access.claims?.['iss']
    })
    expect((await bench.send(event)).outcome).toBe('actor_not_permitted')
  })
})

describe('the actor chain', () => {
  const prior = { sub: '0oaB', iss: 'https://x.example', act: { sub: '0oaA' } }
  const chain = { sub: '0oaC', act: prior }

  it('has the client first, identity members only, and who vouched for each', async () => {
    const assertion = bench.chained({ act: { ...chain, exp: 1, scp: ['admin'] } })
    const { claims, record } = await bench.send(bench.event({ assertion }))
    const { issuer: iss } = bench.delegating
    expect(claims?.['act']).toEqual({
      iss: 'https://example.okta.com/oauth2/default',
      sub: '0oaApiA',
      sub_profile: 'service',
      act: { iss, sub: '0oaC', act: { ...prior, act: { iss, sub: '0oaA' } } },
    })
    expect(record.actors).toEqual(['0oaApiA', '0oaC', '0oaB', '0oaA'])
  })

  it('says what the client is', async () => {
    const { claims, record } = await bench.send(bench.event(), {
      clients: { '0oaApiA': { actorProfile: 'ai_agent' } },
    })
    expect(claims?.['act']).toMatchObject({ sub: '0oaApiA', sub_profile: 'ai_agent' })
    expect(record.agents).toEqual(['0oaApiA'])
  })

  it('is recorded with the agents that are in it, wherever', async () => {
    const agent = { sub: '0oaAgent', sub_profile: 'ai_agent' }
    const assertion = bench.chained({ act: { ...chain, act: agent } })
    const { record } = await bench.send(bench.event({ assertion }))
    expect([record.actors, record.agents]).toEqual([['0oaApiA', '0oaC', '0oaAgent'], ['0oaAgent']])
    const { record: without } = await bench.send(bench.event({ assertion: bench.chained({ act: chain }) }))
    expect(without).not.toHaveProperty('agents')
  })

  it('may be as deep as configured, the client included', async () => {
    const event = bench.event({ assertion: bench.chained({ act: chain }) })
    expect((await bench.send(event, { limits: { maxActorDepth: 4 } })).outcome).toBe('permit')
    const { record } = await bench.send(event, { limits: { maxActorDepth: 3 } })
    expect(record).toMatchObject({ code: 'actor_chain_too_deep', step: 'extend' })
    expect(record).not.toHaveProperty('actors')
  })

  it('never has a client act for itself, and lets it in again further out only when configured', async () => {
    const event = bench.event({ assertion: bench.chained({ act: { sub: '0oaApiA' } }) })
    const itself = await bench.send(event, { clients: { '0oaApiA': { reentry: true } } })
    expect(itself.record).toMatchObject({ code: 'actor_not_permitted', step: 'bind' })

    const again = bench.event({ assertion: bench.chained({ act: { sub: '0oaB', act: { sub: '0oaApiA' } } }) })
    expect((await bench.send(again)).outcome).toBe('actor_not_permitted')
    expect((await bench.send(again, { clients: { '0oaApiA': { reentry: true } } })).outcome).toBe('permit')
  })
})
