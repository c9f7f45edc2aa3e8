import { type BehalfConfig, ConfigError, createHook, type Delegation } from '@behalf/hook'
import type { HookEvent, HookEventOptions } from '@behalf/testing'
import { HookBench } from '@behalf/testing/hook'
import { afterAll, describe, expect, it } from 'vitest'

const bench = await HookBench.startChain()
afterAll(() => bench.close())
const placeholder = 'https://undelegated.invalid'
const orders = 'https://orders.example'
const stock = 'https://stock.example'

/** Two APIs, of which one has a verifier of ours. */
const resources: NonNullable<BehalfConfig['resources']> = {
  [orders]: { scopes: { 'orders:read': {}, 'orders:write': {} } },
  [stock]: { scopes: { 'stock:read': {} }, verifier: 'behalf' },
}
const config: Partial<BehalfConfig> = { resources, clients: { '0oaApiA': { resources: [orders] } } }

/** An event as the server issues it whose audience is the placeholder. */
function protectedEvent(
  options: HookEventOptions & { readonly query?: string; readonly exp?: number } = {},
  edit?: (event: HookEvent) => void,
): HookEvent {
  const { query = '', exp = bench.clock.seconds + 3_600, accessClaims, ...rest } = options
  const url = `https://example.okta.com/oauth2/b/v1/token?assertion=${bench.assertion({ exp })}${query}`
  return bench.event({ url, ...rest, accessClaims: { aud: placeholder, ...accessClaims } }, edit)
}

const outcomeOf = async (query: string, changes: Partial<BehalfConfig> = config): Promise<string> =>
  (await bench.send(protectedEvent({ query }), changes)).outcome

describe('the audience', () => {
  it('is the resource once it is permitted, and nobody’s before', async () => {
    const { claims, record, text } = await bench.send(protectedEvent(), config)
    expect(claims?.['aud']).toBe(orders)
    expect(JSON.parse(text).commands[0].value[0]).toEqual({
      op: 'replace',
      path: '/claims/aud',
      value: orders,
    })
    expect(record).toMatchObject({ decision: 'permit', audience: orders })
  })

  it.each<[string, unknown]>([
    ['another', orders],
    ['like the placeholder', `${placeholder}/`],
    ['a list of the placeholder', [placeholder]],
    ['absent', undefined],
  ])('of the event that is %s is denied, because Okta would fail open', async (_, aud) => {
    const { record } = await bench.send(protectedEvent({ accessClaims: { aud } }), config)
    expect(record).toMatchObject({ code: 'resource_unprotected', step: 'resource' })
  })

  it('of an event that names no lifetime is left to nobody', async () => {
    const event = protectedEvent({}, ({ data }) => Object.assign(data.access, { token: {} }))
    expect((await bench.send(event, config)).outcome).toBe('resource_unprotected')
  })

  it('may have a placeholder of its own', async () => {
    const event = protectedEvent({ accessClaims: { aud: 'urn:nobody' } })
    expect((await bench.send(event, { ...config, placeholder: 'urn:nobody' })).outcome).toBe('permit')
    expect((await bench.send(event, config)).outcome).toBe('resource_unprotected')
  })

  it('is what policies are asked about', async () => {
    let asked: Delegation | undefined
    const policy = (delegation: Delegation) => {
      asked = delegation
      return { decision: 'permit' } as const
    }
    await bench.send(protectedEvent(), { ...config, policy })
    expect(asked?.resource.audience).toBe(orders)
  })
})

describe('the resource', () => {
  const both: Partial<BehalfConfig> = { resources, clients: { '0oaApiA': { resources: [orders, stock] } } }
  const named = (resource: string): string => `&assertion_resource=${encodeURIComponent(resource)}`

  it('is the client’s only one, or the one that is named', async () => {
    expect(await outcomeOf('')).toBe('permit')
    expect(await outcomeOf(named(orders))).toBe('permit')
    expect(await outcomeOf(named(orders), both)).toBe('permit')
    const { claims } = await bench.send(protectedEvent({ query: named(stock), scopes: ['stock:read'] }), both)
    expect(claims?.['aud']).toBe(stock)
    const one = { resources: { [orders]: {} }, clients: 'any' } as const
    expect(await outcomeOf('', one)).toBe('permit')
  })

  it.each<[string, string, Partial<BehalfConfig>]>([
    ['not named, where the client has several', '', both],
    ['unknown', named('https://other.example'), config],
    ['empty', '&assertion_resource=', config],
    ['the placeholder', named(placeholder), config],
    ['of the prototype', named('constructor'), config],
    ['named twice', named(orders) + named(orders), both],
    ['named twice, once encoded', `${named(orders)}&%61ssertion_resource=${orders}`, both],
    ['not to be read', '&assertion_resource=%zz', config],
    ['in other letters', `&Assertion_Resource=${orders}`, config],
    ['with brackets', `&assertion_resource[]=${orders}`, config],
    ['between blanks', `&+assertion_resource%20=${orders}`, config],
    ['named once more in other letters', `${named(orders)}&ASSERTION_RESOURCE=${orders}`, config],
    ['named to Okta in other letters', `&Resource=${orders}`, config],
    ['named to Okta with brackets', `&audience%5B0%5D=${orders}`, config],
    ['named to Okta', `&resource=${orders}`, config],
    ['named to Okta, encoded', `&%72esource=${orders}`, config],
    ['named to Okta as audience', `&audience=${orders}`, config],
    ['named where none are configured', named(orders), { clients: { '0oaApiA': {} } }],
    ['named to Okta where none are configured', `&audience=${orders}`, { clients: { '0oaApiA': {} } }],
  ])('%s is resource_invalid', async (_, query, changes) => {
    expect(await outcomeOf(query, changes)).toBe('resource_invalid')
  })

  it('is none of the client’s', async () => {
    expect(await outcomeOf(named(stock))).toBe('client_not_permitted')
  })
})

describe('granted scopes', () => {
  const withScopes = async (scopes: string[], changes: Partial<BehalfConfig> = config) =>
    bench.send(protectedEvent({ scopes }), changes)

  it('all belong to the resource, Okta’s defaults included', async () => {
    expect((await withScopes(['orders:read', 'orders:write'])).outcome).toBe('permit')
    const { record } = await withScopes(['orders:read', 'stock:read'])
    expect(record).toMatchObject({ code: 'scope_not_permitted', detail: 'not permitted: stock:read' })
    expect((await withScopes(['toString'])).outcome).toBe('scope_not_permitted')
    // Okta grants a default scope that was not asked for.
    const event = protectedEvent({}, ({ data }) => {
      Object.assign(data.access.scopes, { 'stock:read': { id: 'stock:read', action: 'GRANT' } })
    })
    expect((await bench.send(event, config)).outcome).toBe('scope_not_permitted')
  })

  it('are the only resource’s own where it lists none', async () => {
    const one: Partial<BehalfConfig> = { resources: { [orders]: {} } }
    expect((await withScopes(['anything'], one)).outcome).toBe('permit')
  })

  it('presuppose what the presented token was granted by its issuer', async () => {
    const needing = (needs: Record<string, string[]>): Partial<BehalfConfig> => ({
      resources: { [orders]: { scopes: { 'orders:read': { needs } } } },
    })
    const { issuer } = bench.issuer
    expect((await withScopes(['orders:read'], needing({ [issuer]: ['a:read'] }))).outcome).toBe('permit')
    expect((await withScopes(['orders:read'], needing({ [issuer]: ['a:read', 'a:write'] }))).outcome).toBe(
      'scope_not_permitted',
    )
    const elsewhere = needing({ [bench.delegating.issuer]: ['a:read'] })
    expect((await withScopes(['orders:read'], elsewhere)).outcome).toBe('scope_not_permitted')

    // At the next hop the presented token is the delegation server's.
    const query = `?assertion=${bench.chained({ scp: ['orders:read'], exp: bench.clock.seconds + 3_600 })}`
    const hop = (needs: Record<string, string[]>) =>
      bench.send(
        protectedEvent({ url: `https://example.okta.com/oauth2/b/v1/token${query}` }),
        needing(needs),
      )
    expect((await hop({ [bench.delegating.issuer]: ['orders:read'] })).outcome).toBe('permit')
    expect((await hop({ [issuer]: ['orders:read'] })).outcome).toBe('scope_not_permitted')
  })
})

describe('the lifetime', () => {
  const sent = async (left: number, verifier: 'any' | 'behalf', more: Partial<BehalfConfig> = {}) =>
    bench.send(protectedEvent({ exp: bench.clock.seconds + left }), {
      resources: { [orders]: { verifier } },
      ...more,
    })

  it.each([
    [299, 'assertion_expires_soon', undefined],
    [304, 'assertion_expires_soon', undefined],
    [305, 'permit', 300],
    [1_000, 'permit', 995],
    [3_605, 'permit', undefined],
  ])('with %i s left, for a verifier that reads exp alone: %s', async (left, outcome, lifetimeSeconds) => {
    expect(await sent(left, 'any')).toMatchObject({ outcome, lifetimeSeconds })
  })

  it('may be Okta’s least where the API enforces the assertion’s end', async () => {
    expect(await sent(10, 'behalf')).toMatchObject({ outcome: 'permit', lifetimeSeconds: 300 })
  })

  it('is not cut below Okta’s least by a policy', async () => {
    const policy = () => ({ decision: 'permit', lifetimeSeconds: 304 }) as const
    expect((await sent(3_600, 'any', { policy })).outcome).toBe('policy_denied')
    expect((await sent(3_600, 'behalf', { policy })).outcome).toBe('permit')
    const longer = () => ({ decision: 'permit', lifetimeSeconds: 305 }) as const
    expect(await sent(3_600, 'any', { policy: longer })).toMatchObject({ lifetimeSeconds: 300 })
  })
})

describe('a configuration that leaves something open', () => {
  const faultsOf = (changes: Partial<BehalfConfig>): readonly string[] => {
    try {
      createHook(bench.config(changes))
      return []
    } catch (error) {
      if (error instanceof ConfigError) return error.faults.map(({ path }) => path)
      throw error
    }
  }

  it.each<[string, Partial<BehalfConfig>, string[]]>([
    ['no resource', { resources: {} }, ['resources']],
    ['a placeholder without resources', { placeholder: 'urn:nobody' }, ['placeholder']],
    [
      'the only resource is the only audience of assertions, for any client',
      { resources: { 'api://a': {} }, clients: 'any' },
      ['resources'],
    ],
    [
      'the only resource is the only audience of assertions',
      { resources: { 'api://a': {} } },
      ['clients.0oaApiA.resources'],
    ],
    [
      'one of several resources is the client’s own audience',
      {
        resources: { 'api://a': { scopes: {} }, [orders]: { scopes: {} } },
        clients: { x: { resources: [orders, 'api://a'] } },
      },
      ['clients.x.resources'],
    ],
    ['the placeholder is a resource', { resources: { [placeholder]: {} } }, ['placeholder']],
    ['the placeholder is trusted', { resources: { [orders]: {} }, placeholder: 'api://a' }, ['placeholder']],
    ['the subject is kept', { resources: { [orders]: {} }, subject: 'keep' }, ['subject']],
    [
      'a scope of two',
      { ...config, resources: { [orders]: { scopes: { a: {} } }, [stock]: { scopes: { a: {} } } } },
      [`resources["${stock}"].scopes["a"]`],
    ],
    [
      'several without scopes',
      { ...config, resources: { [orders]: {}, [stock]: { scopes: { a: {} } } } },
      [`resources["${orders}"].scopes`],
    ],
    [
      'needs of nobody',
      { resources: { [orders]: { scopes: { a: { needs: { 'https://x.example': ['a'] } } } } } },
      [`resources["${orders}"].scopes["a"].needs["https://x.example"]`],
    ],
    ['several, and any client', { resources, clients: 'any' }, ['clients']],
    ['several, and a client without', { resources }, ['clients.0oaApiA.resources']],
    [
      'a client of another',
      { resources: { [orders]: {} }, clients: { x: { resources: [stock] } } },
      ['clients.x.resources[0]'],
    ],
    [
      'a client of none that are configured',
      { clients: { x: { resources: [stock] } } },
      ['clients.x.resources[0]'],
    ],
  ])('%s', (_, changes, paths) => {
    expect(faultsOf(changes)).toEqual(paths)
  })

  it('several audiences, and a client without', () => {
    const issuers = [{ issuer: bench.issuer.issuer, audiences: ['api://a', 'api://b'] }]
    expect(faultsOf({ issuers })).toEqual(['clients.0oaApiA.audiences'])
    expect(faultsOf({ issuers, clients: 'any' })).toEqual(['clients'])
    expect(faultsOf({ issuers, clients: { '0oaApiA': { audiences: ['api://a'] } } })).toEqual([])
  })

  it('a client bound to an issuer of delegated tokens', () => {
    const clients = { '0oaApiA': { issuers: [bench.delegating.issuer] } }
    expect(faultsOf({ clients })).toEqual(['clients.0oaApiA.issuers[0]'])
  })

  it('an issuer that says nothing of its users, or of users where it has none', () => {
    const issuers = [{ issuer: 'https://idp.example', audiences: ['api://a'] }]
    expect(faultsOf({ issuers })).toEqual(['issuers[0].dialect'])
    const delegated = [
      { issuer: bench.issuer.issuer, audiences: ['api://a'] },
      {
        issuer: 'https://x.example/oauth2/b',
        audiences: ['api://a'],
        tokens: 'delegated',
        org: 'x',
      } as const,
    ]
    expect(faultsOf({ issuers: delegated })).toEqual(['issuers[1].org'])
  })
})
