import { type BehalfConfig, ConfigError, createHook } from '@behalf/hook'
import { describe, expect, it } from 'vitest'
import { exchange } from './exchange.ts'

const bound = (binding: object) => ({ config: { clients: { '0oaApiA': binding } } })

describe('maxActorDepth of a client', () => {
  it('bounds its chains', async () => {
    const chain = { sub: '0oaX' }
    expect((await exchange({ ...bound({ maxActorDepth: 1 }), chain })).errorSummary).toMatch(
      /^actor_chain_too_deep: /,
    )
    expect((await exchange({ ...bound({ maxActorDepth: 2 }), chain })).claims).toMatchObject({
      act: { sub: '0oaApiA', act: { sub: '0oaX' } },
    })
  })

  it('cannot exceed the limit of all', async () => {
    const config = { clients: { '0oaApiA': { maxActorDepth: 3 } }, limits: { maxActorDepth: 1 } }
    const { errorSummary } = await exchange({ config, chain: { sub: '0oaX' } })
    expect(errorSummary).toMatch(/^actor_chain_too_deep: /)
  })
})

describe('requireMayAct', () => {
  it('denies an assertion without may_act', async () => {
    expect((await exchange(bound({ requireMayAct: true }))).errorSummary).toMatch(/^actor_not_permitted: /)
  })

  it.each([
    [{ sub: '0oaApiA' }, undefined],
    [{ sub: '0oaOther' }, 'actor_not_permitted'],
  ])('honours %j', async (mayAct, code) => {
    const { errorSummary } = await exchange({
      ...bound({ requireMayAct: true }),
      claims: { may_act: mayAct },
    })
    expect(errorSummary?.split(':')[0]).toBe(code)
  })
})

it('names the scopes that a client may not have', async () => {
  const { errorSummary } = await exchange({
    ...bound({ scopes: ['orders:read'] }),
    event: { scopes: ['orders:read', 'orders:write'] },
  })
  expect(errorSummary).toMatch(/^scope_not_permitted: .* \(orders:write\)$/)
})

describe('renamed claims', () => {
  it('appear under their new names, which win over the same names in the assertion', async () => {
    const { claims } = await exchange({
      config: { claims: { rename: { email: 'mail', department: 'unit' } } },
      claims: { email: 'ann@example.com', mail: 'other@example.com' },
    })
    expect(claims?.['assertion']).toMatchObject({ mail: 'ann@example.com' })
    expect(claims?.['assertion']).not.toHaveProperty('email')
    expect(claims?.['assertion']).not.toHaveProperty('unit')
  })

  it('never come from elsewhere, even when what was renamed is not there', async () => {
    const { claims } = await exchange({
      config: { claims: { rename: { email: 'mail' } } },
      claims: { mail: 'other@example.com' },
    })
    expect(claims?.['assertion']).not.toHaveProperty('mail')
  })

  it.each([
    [{ sub: 'user' }, "claims.rename['sub']", 'keeps its name'],
    [{ exp: 'until' }, "claims.rename['exp']", 'keeps its name'],
    [{ may_act: 'x' }, "claims.rename['may_act']", 'keeps its name'],
    [{ cnf: 'x' }, "claims.rename['cnf']", 'never copied'],
    [{ email: 'sub' }, "claims.rename['email']", 'another name'],
    [{ email: 'act' }, "claims.rename['email']", 'another name'],
    [{ email: 'constructor' }, "claims.rename['email']", 'another name'],
    [{ email: 'x', mail: 'x' }, "claims.rename['email']", 'name of another claim'],
  ])('cannot be %j', (rename, path, problem) => {
    const config: BehalfConfig = {
      authenticate: { secrets: ['hook-secret-0123456789'] },
      issuers: [{ issuer: 'https://example.okta.com/oauth2/default', audiences: ['api://a'] }],
      clients: 'any',
      claims: { rename },
    }
    let thrown: unknown
    try {
      createHook(config)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(ConfigError)
    expect(thrown instanceof ConfigError && thrown.faults[0]).toEqual({
      path,
      problem: expect.stringContaining(problem),
    })
  })
})

describe('the subject', () => {
  it("is made the user's by default", async () => {
    expect((await exchange({})).claims).toHaveProperty('sub', 'ann@example.com')
  })

  it('can be kept; then only the claim assertion names the user', async () => {
    const { claims } = await exchange({ config: { subject: 'keep' } })
    expect(claims).not.toHaveProperty('sub')
    expect(claims).toMatchObject({ assertion: { sub: 'ann@example.com' }, act: { sub: '0oaApiA' } })
  })
})
