import { type HookEvent, type HookEventOptions, hookEvent } from '../hook-event.ts'
import type { Attack, HookCall } from './attack.ts'
import { assertionForge, chainForge, delegatedForge, type Forge } from './forge.ts'
import type { World } from './world.ts'

/** The headers that Okta sends, with the right secret. */
export function oktaHeaders(world: World): HookCall['headers'] {
  return [
    ['Accept', 'application/json'],
    ['Content-Type', 'application/json'],
    ['Authorization', world.secret],
  ]
}

/** A hook call as Okta makes it; `edit` changes the event first. */
export function oktaCall(
  world: World,
  options: HookEventOptions = {},
  edit: (event: HookEvent, world: World) => unknown = () => undefined,
): HookCall {
  const event = hookEvent(options)
  edit(event, world)
  return { headers: oktaHeaders(world), body: JSON.stringify(event) }
}

/** A valid assertion; signed anew only now and then, because most attacks need one. */
export function goodAssertion(world: World): string {
  return world.reuse('good assertion', () => assertionForge(world).sign())
}

/** What an attack is called, and the row of the threat model that it belongs to. */
export type Title = Pick<Attack, 'id' | 'threat' | 'description'>

/** Optional members of an attack. */
export type Extras = Partial<Pick<Attack, 'setup' | 'inspect' | 'apiTrusts'>>

/** Who signs what is forged. */
function issuerOf({ apiTrusts }: Extras, world: World): World['okta'] {
  return apiTrusts === 'mixed' || apiTrusts === 'renewing' ? world[apiTrusts] : world.okta
}

/** An assertion presented in an otherwise good request. */
export function exchanged(
  title: Title,
  assertion: (forge: Forge) => string,
  hook: NonNullable<Attack['expect']['hook']>,
  extras: Extras = {},
): Attack {
  return {
    ...title,
    ...extras,
    call: (world) =>
      oktaCall(world, { assertion: assertion(assertionForge(world, issuerOf(extras, world))) }),
    expect: { hook },
  }
}

/** A delegated token presented as the assertion of the next hop. */
export function chained(
  title: Title,
  assertion: (forge: Forge) => string,
  hook: NonNullable<Attack['expect']['hook']>,
  extras: Extras = {},
): Attack {
  return {
    ...title,
    ...extras,
    call: (world) => oktaCall(world, { assertion: assertion(chainForge(world)) }),
    expect: { hook },
  }
}

/** A token presented to API B. */
export function presented(
  title: Title,
  token: (forge: Forge) => string,
  api: NonNullable<Attack['expect']['api']>,
  extras: Extras = {},
): Attack {
  return {
    ...title,
    ...extras,
    token: (world) => token(delegatedForge(world, issuerOf(extras, world))),
    expect: { api },
  }
}

/** The same forgery as an assertion and as a token at API B, where every fault but a few is `token_invalid`. */
export function forged(
  title: Title,
  token: (forge: Forge) => string,
  hook: NonNullable<Attack['expect']['hook']>,
  api: NonNullable<Attack['expect']['api']> = hook === 'permit' ? 'accept' : 'token_invalid',
  extras: Extras = {},
): Attack {
  return {
    ...exchanged(title, token, hook, extras),
    ...presented(title, token, api, extras),
    expect: { hook, api },
  }
}

/** A good assertion in an event that was changed. */
export function requested(
  title: Title,
  edit: (event: HookEvent, world: World) => unknown,
  hook: NonNullable<Attack['expect']['hook']>,
  extras: Extras & { readonly event?: HookEventOptions } = {},
): Attack {
  const { event = {}, ...rest } = extras
  return {
    ...title,
    ...rest,
    call: (world) => oktaCall(world, { assertion: goodAssertion(world), ...event }, edit),
    expect: { hook },
  }
}

/** Any request. */
export function sent(
  title: Title,
  call: (world: World) => HookCall,
  hook: NonNullable<Attack['expect']['hook']>,
  extras: Extras = {},
): Attack {
  return { ...title, ...extras, call, expect: { hook } }
}

/** A short form of titles for the rows of one threat. */
export function titles(threat: Attack['threat']): (id: string, description?: string) => Title {
  return (id, description = id) => ({ id: slug(id), threat, description })
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
}
