import type { Json } from './json.ts'

/** A person of the org. */
export interface User {
  /** The `uid` of tokens, like `00u…`. */
  readonly id: string
  /** What the person signs in with, and the `sub` of their access tokens. */
  readonly login: string
  /** Profile attributes, by the names that OpenID Connect gives them (`name`, `email`, …). */
  readonly profile: Readonly<Record<string, Json>>
}
