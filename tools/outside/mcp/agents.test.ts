import { join } from 'node:path'
import { errorTable } from '@behalf/core'
import { cedar } from '@behalf/hook/cedar'
import { beforeAll, describe, expect, test } from 'vitest'
import { installOnDemand } from '../../on-demand.ts'
import { root } from '../../workspace.ts'
import { generations, post, signedIn } from './callers.ts'
import { servers } from './programs.ts'
import { startWorld } from './world.ts'

const server = servers['the example']
const policyOf = (name: string) => cedar({ policies: join(root, 'examples/policies', name, 'policy.cedar') })
const ann = 'ann@example.com'

beforeAll(() => {
  installOnDemand('examples/mcp-server')
  installOnDemand('tools/outside/mcp')
}, 600_000)

test('an API B that refuses agents does so, by what the token says of its actor', async () => {
  await using world = await startWorld(server, { refusedActorProfiles: ['ai_agent'] })
  const { client } = await signedIn('second', world, ann)
  expect(await client.call('list_orders')).toMatchObject({
    isError: true,
    content: [{ text: 'API B answered 403' }],
  })
  expect(world.refusals.at(-1)).toContain('actor_not_allowed')
  // The hook has let it through: it is API B's own rule.
  expect(world.decisions.at(-1)).toMatchObject({ decision: 'permit', agents: ['0oaMcpServer'] })
  const exchanges: unknown = await (await fetch(`${world.okta.url}/api/behalf/exchanges`)).json()
  expect([exchanges].flat().at(-1)).toMatchObject({
    outcome: 'delegated',
    agents: ['0oaMcpServer'],
    token: { claims: { act: { sub: '0oaMcpServer', sub_profile: 'ai_agent' } } },
  })
  await client.close()
})

test('the same server as a service is let in', async () => {
  await using world = await startWorld(server, {
    refusedActorProfiles: ['ai_agent'],
    actorProfile: 'service',
  })
  const { client } = await signedIn('second', world, ann)
  const { content } = await client.call('list_orders')
  expect(JSON.parse(content[0]?.text ?? '')).toMatchObject({ ordersOf: ann })
  await client.close()
})

describe('no agents for payments', () => {
  const payments = {
    policy: policyOf('no-agents-for-payments'),
    actor: '0oaCheckout',
    resource: 'api://payments',
  }

  test('an agent is refused, and its user is sent nowhere', async () => {
    await using world = await startWorld(server, payments)
    const { client, provider } = await signedIn('second', world, ann)
    expect(await client.call('place_order')).toMatchObject({
      isError: true,
      content: [{ text: errorTable.policy_denied.sentence }],
    })
    expect(provider.sentTo).toHaveLength(1)
    expect(world.decisions.at(-1)).toMatchObject({
      decision: 'deny',
      policies: ['no-agents-for-payments'],
      agents: ['0oaCheckout'],
    })
    await client.close()
  })

  test('a service pays', async () => {
    await using world = await startWorld(server, { ...payments, actorProfile: 'service' })
    const { client } = await signedIn('second', world, ann)
    const { content } = await client.call('place_order')
    expect(JSON.parse(content[0]?.text ?? '')).toEqual({ orderedFor: ann, actors: ['0oaCheckout'] })
    expect(world.decisions.at(-1)).toMatchObject({ decision: 'permit', policies: ['services-pay'] })
    await client.close()
  })
})

describe("agents only with their user's recent sign-in", () => {
  const recent = { policy: policyOf('agents-after-a-sign-in') }
  const anHourAgo = () => Math.floor(Date.now() / 1000) - 3600

  test.each(generations)(
    'a client of the %s generation signs its user in again, once',
    async (generation) => {
      await using world = await startWorld(server, recent)
      world.okta.claimNext(ann, { auth_time: anHourAgo() })
      const { client, provider } = await signedIn(generation, world, ann)
      const { content } = await client.call('list_orders')
      expect(JSON.parse(content[0]?.text ?? '')).toMatchObject({ ordersOf: ann })
      expect(provider.sentTo.map(({ searchParams }) => searchParams.get('max_age'))).toEqual([null, '1800'])
      expect(world.decisions.map(({ decision, policies }) => [decision, policies])).toEqual([
        ['deny', ['agents-after-a-sign-in']],
        ['permit', ['anybody-signed-in']],
      ])
      await client.close()
    },
  )

  test('whoever has a token alone is told what is missing', async () => {
    await using world = await startWorld(server, recent)
    const wanted = { login: ann, server: 'users', scopes: ['mcp'], claims: { auth_time: anHourAgo() } }
    const answer = await post(world.mcpUrl, await world.okta.userToken(wanted))
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toMatch(
      /^Bearer error="insufficient_user_authentication", max_age="1800", scope="mcp", resource_metadata="/,
    )
  })

  test('a service goes on', async () => {
    await using world = await startWorld(server, { ...recent, actorProfile: 'service' })
    const wanted = { login: ann, server: 'users', scopes: ['mcp'], claims: { auth_time: anHourAgo() } }
    const answer = await post(world.mcpUrl, await world.okta.userToken(wanted))
    expect(await answer.text()).toContain(ann)
  })
})
