import type { SandboxRule } from '@behalf/sandbox'
import { defaultPlaceholder } from '../config/resource-settings.ts'

/** A server of an org, as far as the layout is about it. */
export interface LayoutServer {
  readonly id: string
  readonly issuer: string
  readonly audience: string
  readonly rules: readonly SandboxRule[]
}

/** Which server is for what; the same for both in the smallest layout. */
export interface Layout<S extends LayoutServer> {
  /** Where users sign in. */
  readonly users: S
  /** Who issues delegated tokens. */
  readonly delegation: S
  /** Whether users sign in there when nobody says where. */
  readonly usersAreDefault: boolean
}

/** What API B calls itself wherever we write of one. */
const exampleResource = 'https://orders.example'

/**
 * Tells the server of the users from the one that issues delegated tokens: that has the placeholder as its audience, or
 * else a hook that is called for machines.
 *
 * @returns undefined when nobody signs in anywhere, or no machine gets tokens
 */
export function layoutOf<S extends LayoutServer>(servers: readonly S[]): Layout<S> | undefined {
  const forMachines = servers.filter(({ rules }) => rules.some(servesMachines))
  const delegation =
    forMachines.find(isPlaceholder) ??
    forMachines.find(({ rules }) => rules.some((rule) => servesMachines(rule) && rule.inlineHook)) ??
    forMachines[0]
  const forPeople = servers.filter(({ rules }) => rules.some(servesPeople))
  const users = forPeople.find((server) => server !== delegation) ?? forPeople[0]
  return users === undefined || delegation === undefined
    ? undefined
    : { users, delegation, usersAreDefault: users === forPeople[0] }
}

/** Returns what API B calls itself: an example, where the hook says for whom a token is. */
export function resourceOf({ delegation }: Layout<LayoutServer>): string {
  return isPlaceholder(delegation) ? exampleResource : delegation.audience
}

/** Returns what the hook is told about the layout, as variables of its environment. */
export function hookVariables(layout: Layout<LayoutServer>): Readonly<Record<string, string>> {
  const { users, delegation } = layout
  return {
    ISSUER: users.issuer,
    AUDIENCE: users.audience,
    ...(isPlaceholder(delegation) ? { RESOURCE: resourceOf(layout), RESOURCE_VERIFIER: 'behalf' } : {}),
    ...(isPlaceholder(delegation) && delegation.audience !== defaultPlaceholder
      ? { PLACEHOLDER: delegation.audience }
      : {}),
  }
}

/** Says whether a rule serves machines, as the hook needs it. */
export function servesMachines({ grantTypes }: SandboxRule): boolean {
  return grantTypes.includes('client_credentials')
}

function servesPeople({ grantTypes }: SandboxRule): boolean {
  return grantTypes.includes('authorization_code')
}

/** Nobody's name (RFC 6761 §6.4) is no API's. */
function isPlaceholder({ audience }: LayoutServer): boolean {
  return URL.parse(audience)?.hostname.endsWith('.invalid') === true
}
