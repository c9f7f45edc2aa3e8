import { signInToWebShop } from '../../examples/demo/sign-in.ts'
import { requestToken } from '../../examples/demo/token-request.ts'
import { apiA, orders, startWorld } from '../../examples/demo/world.ts'

/** A running org with the hook, and a token that it has issued. */
export interface Delegation extends AsyncDisposable {
  /** The authorization server of API B, and what its tokens are for. */
  readonly issuer: string
  readonly audience: string
  /** Ann's token for API B, with API A as the actor. */
  readonly delegated: string
  /** Stops the hook. @returns what the same request gets from now on: the plain token */
  withoutHook(): Promise<string>
}

/** Lets Ann sign in and API A exchange her token. */
export async function startDelegation(): Promise<Delegation> {
  await using stack = new AsyncDisposableStack()
  const world = stack.use(await startWorld({ now: () => Date.now() }))
  const assertion = await signInToWebShop(world.issuers.users)
  const request = async (): Promise<string> => {
    const { delegation } = world.issuers
    const sealed = await world.seal(assertion, apiA, delegation)
    const { token, error } = await requestToken(delegation, apiA, 'orders:read', sealed)
    if (token === undefined) throw new Error(`Okta issued no token: ${error}`)
    return token
  }
  const delegated = await request()
  const running = stack.move()
  return {
    issuer: world.issuers.delegation,
    audience: orders,
    delegated,
    async withoutHook() {
      await world.hook.stop()
      return request()
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}
