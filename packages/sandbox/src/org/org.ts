import type { App } from './app.ts'
import type { AuthorizationServer } from './authorization-server.ts'
import type { Clock } from './clock.ts'
import type { EventHook } from './event-hook.ts'
import type { Group } from './group.ts'
import type { HookKey } from './hook-key.ts'
import type { InlineHook } from './inline-hook.ts'
import type { OktaFacts } from './okta-facts.ts'
import type { Sessions } from './session.ts'
import type { SystemLog } from './system-log.ts'
import type { TrustedOrigin } from './trusted-origin.ts'
import type { User } from './user.ts'

/** Everything that belongs to one org: apps, users and hooks serve all of its authorization servers. */
export interface Org {
  /** `http://<host>:<port>`, without a trailing slash. */
  readonly url: string
  readonly clock: Clock
  readonly authorizationServers: Map<string, AuthorizationServer>
  readonly apps: Map<string, App>
  readonly users: Map<string, User>
  readonly groups: Map<string, Group>
  readonly hookKeys: Map<string, HookKey>
  readonly inlineHooks: Map<string, InlineHook>
  readonly eventHooks: Map<string, EventHook>
  /** Origins whose pages may call, besides those of apps' redirect URIs. */
  readonly trustedOrigins: Map<string, TrustedOrigin>
  readonly sessions: Sessions
  /** Until when tokens of people count no longer, by their ids, in seconds since the epoch: theirs were revoked together. */
  readonly tokensRevoked: Map<string, number>
  /** How it behaves where Okta's documentation leaves it open. */
  readonly facts: OktaFacts
  readonly systemLog: SystemLog
  /** Tokens that may use the management API, as `SSWS <token>`. */
  readonly apiTokens: ReadonlySet<string>
}
