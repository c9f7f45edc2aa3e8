import type { SandboxOptions } from '@behalf/sandbox'
import { apiA, type World } from './world.ts'

/** Lets API A do what somebody asks for under *Try it* on the sandbox's page, as far as it does that at all. */
export function exchangeByApiA(
  world: () => Pick<World, 'okta' | 'apiAUrl'> | undefined,
): NonNullable<SandboxOptions['exchange']> {
  return async ({ login, clientId, scopes = [] }) => {
    const running = world()
    if (running === undefined || clientId !== apiA || scopes.join() !== 'orders:read') return false
    const { okta, apiAUrl } = running
    const token = await okta.userToken({ login, server: 'users' })
    const answer = await fetch(`${apiAUrl}/orders`, { headers: { authorization: `Bearer ${token}` } })
    await answer.body?.cancel()
    return true
  }
}

/** Keeps everything running, with a hook that is up, until somebody has seen enough of the page. */
export async function stay(world: World, until: Promise<unknown>): Promise<void> {
  await world.restartHook()
  console.log(`\nLook at it: ${world.okta.url}/ (until Ctrl+C)`)
  await until
}
