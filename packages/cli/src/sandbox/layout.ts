import { defaultPlaceholder } from '../config/resource-settings.ts'

/** A server of an org, as far as the layout is about it. */
interface Server {
  readonly id: string
  readonly issuer: string
  readonly audience: string
}

/** Which server is for what; the same for both in the smallest layout. */
export interface Layout<S extends Server> {
  /** Where users sign in. */
  readonly users: S
  /** Who issues delegated tokens. */
  readonly delegation: S
}

/** What API B calls itself wherever we write of one. */
export const exampleResource = 'https://orders.example'

/**
 * Tells the server of the users from the one that issues delegated tokens, by the placeholder.
 *
 * @returns undefined when there is no server
 */
export function layoutOf<S extends Server>(servers: readonly S[]): Layout<S> | undefined {
  const placed = servers.find(({ audience }) => audience === defaultPlaceholder)
  const users = servers.find((server) => server !== placed) ?? placed
  return users === undefined ? undefined : { users, delegation: placed ?? users }
}

/** Says what the hook is told about the layout, as variables for a shell. */
export function hookVariables({ users, delegation }: Layout<Server>): string {
  const resource = delegation === users ? '' : ` RESOURCE=${exampleResource} RESOURCE_VERIFIER=behalf`
  return `ISSUER=${users.issuer} AUDIENCE=${users.audience}${resource}`
}
