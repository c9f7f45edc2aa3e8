import type { HookEvent, HookEventOptions } from '../hook-event.ts'
import type { LooseObject } from '../signing-key.ts'
import type { Attack, HookCall } from './attack.ts'
import { type Extras, oktaCall, type Title } from './build.ts'
import { assertionForge, chainForge } from './forge.ts'
import { orders, placeholder } from './setup.ts'
import type { World } from './world.ts'

/** What a call of the setup `resources` differs in from API A's for orders. */
export interface ProtectedOptions extends Omit<HookEventOptions, 'assertion' | 'url'> {
  /** What stands behind the assertion in the query. */
  readonly query?: string
}

/** A call for a token whose audience is nobody's; `edit` changes the event first. */
function protectedCall(
  world: World,
  assertion: string,
  { query = '', accessClaims, ...options }: ProtectedOptions = {},
  edit?: (event: HookEvent, world: World) => unknown,
): HookCall {
  const url = `https://example.okta.com/oauth2/default/v1/token?assertion=${assertion}${query}`
  return oktaCall(world, { ...options, url, accessClaims: { aud: placeholder, ...accessClaims } }, edit)
}

/** What is sent besides the assertion, and what must hold of a permit. */
type Sending = ProtectedOptions &
  Pick<Extras, 'inspect'> & { readonly edit?: (event: HookEvent, world: World) => unknown }

/** An assertion presented where resources are configured. */
export function protectedExchange(
  title: Title,
  assertion: (world: World) => string,
  hook: NonNullable<Attack['expect']['hook']>,
  { inspect, edit, ...options }: Sending = {},
): Attack {
  return {
    ...title,
    setup: 'resources',
    ...(inspect === undefined ? {} : { inspect }),
    call: (world) => protectedCall(world, assertion(world), options, edit),
    expect: { hook },
  }
}

/** A user's own token of `okta`, with changes. */
export const ownToken =
  (changes: (world: World) => LooseObject = () => ({})) =>
  (world: World): string =>
    assertionForge(world).sign(changes(world))

/** Claims of the first token of a chain, as `okta` vouched for them. */
export function firstClaims(world: World, changes: LooseObject = {}): LooseObject {
  return {
    iss: world.okta.issuer,
    sub: 'ann@example.com',
    iat: world.nowSeconds,
    exp: world.nowSeconds + 3_600,
    uid: '00uAnn',
    ...changes,
  }
}

/** A delegated token for orders that API A was given, with changes; an hour is left. */
export const hopToken =
  (changes: (world: World) => LooseObject = () => ({})) =>
  (world: World): string =>
    chainForge(world).sign({
      aud: orders,
      act: { iss: world.delegating.issuer, sub: '0oaApiA', sub_profile: 'service' },
      exp: world.nowSeconds + 3_600,
      assertion: firstClaims(world),
      ...changes(world),
    })

/** The same token presented by API B, which wants to read stock. */
export const byApiB = { clientId: '0oaApiB', scopes: ['stock:read'] } as const

/** A delegated token presented to the API that it is for. */
export function presentedInChain(
  title: Title,
  changes: (world: World) => LooseObject,
  api: NonNullable<Attack['expect']['api']>,
): Attack {
  return { ...title, apiTrusts: 'chains', token: hopToken(changes), expect: { api } }
}

/** A delegated token as the assertion of the next hop, and at the API that it is for. */
export function throughout(
  title: Title,
  changes: (world: World) => LooseObject,
  hook: NonNullable<Attack['expect']['hook']>,
  api: NonNullable<Attack['expect']['api']>,
  options: Sending = {},
): Attack {
  return {
    ...protectedExchange(title, hopToken(changes), hook, { ...byApiB, ...options }),
    ...presentedInChain(title, changes, api),
    expect: { hook, api },
  }
}
