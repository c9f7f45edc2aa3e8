import type { Exchange } from '@behalf/sandbox'
import { expect, it } from 'vitest'
import { apiA, reporting, startWorld, user } from './world.ts'

it('lets API A perform what is asked for on the page, and the org what API A does not do', async () => {
  await using world = await startWorld(Date)
  await world.hook.stop()
  await world.restartHook()
  const { url: origin } = world.okta
  const tryIt = async (clientId: string): Promise<Exchange | undefined> => {
    const answer = await fetch(`${origin}/api/behalf/exchanges`, {
      method: 'POST',
      headers: { origin },
      body: JSON.stringify({ login: user, clientId, scopes: ['orders:read'] }),
    })
    expect(answer.status).toBe(201)
    const exchanges: Exchange[] = JSON.parse(await (await fetch(`${origin}/api/behalf/exchanges`)).text())
    return exchanges.findLast(({ client }) => client?.id === clientId)
  }
  const asApiA = await tryIt(apiA)
  expect(asApiA).toMatchObject({ outcome: 'delegated', subject: user, assertion: { kind: 'encrypted' } })
  expect(asApiA?.steps.map(({ step }) => step)).toContain('policy')
  expect(await tryIt(reporting)).toMatchObject({
    outcome: 'denied',
    assertion: { kind: 'encrypted' },
    why: expect.stringContaining('client_not_permitted'),
  })
  const policy = await fetch(`${origin}/api/behalf/policy`)
  expect(await policy.text()).toContain('Sign in with a second factor to order.')
})
