import type { Clock, Fetch } from '@behalf/core'
import type { InsecureHosts } from '@behalf/core/internal'
import type { ResourceSettings } from '../config/resource-settings.ts'
import type { ClientCredentials } from '../exchange/client-credentials.ts'
import type { OrgView } from './org-view.ts'

/** What is examined, and what was given to examine it with; checks skip what needs something that is absent. */
export interface Installation {
  /** The authorization server that issues the delegated tokens. */
  readonly issuer: string | undefined
  readonly hook: {
    readonly url: string | undefined
    readonly header: string
    readonly secret: string | undefined
  }
  /** The org; undefined when there are no credentials for it. */
  readonly org: OrgView | undefined
  /** The id of the authorization server in the management API. */
  readonly serverId: string
  /** What delegated tokens are for; undefined when the hook has no resources, as far as is known. */
  readonly resource: ResourceSettings | undefined
  /** Where users sign in, as far as it was said. */
  readonly usersIssuer: string | undefined
  readonly scopes: readonly string[]
  readonly client: ClientCredentials | undefined
  readonly assertion: string | undefined
  /** A resource of API B that needs a token. */
  readonly apiB: string | undefined
  /** A machine token that acts for nobody. */
  readonly plainToken: string | undefined
  /** How many times the hook is called to see how long it takes. */
  readonly samples: number
  /** How far the System Log is read back. */
  readonly hours: number
  /** What may be spoken to over plain http, besides this machine. */
  readonly insecureHosts: InsecureHosts
  readonly clock: Clock
  readonly fetch: Fetch
}
