import type { Actor } from '@behalf/core'

/** A token to accept, with the end that the token endpoint or a former acceptance gave it. */
export interface TokenCandidate {
  readonly accessToken: string
  readonly tokenType: 'Bearer' | 'DPoP'
  /** In seconds since the epoch; undefined when only the token itself says. */
  readonly expiresAt: number | undefined
}

/** What a {@link DelegatedAccessToken} is made of. */
export interface DelegatedAccessTokenFields {
  readonly accessToken: string
  readonly tokenType: 'Bearer' | 'DPoP'
  readonly expiresAt: number
  readonly scopes: readonly string[]
  readonly subject: string
  readonly actors: readonly Actor[]
}

/**
 * A delegated token as API A gets it. Printed, logged or serialised it shows when it ends and which scopes it
 * has, and never the token, the user or the actors.
 */
export class DelegatedAccessToken {
  static {
    // What `console.log` of Node calls; as a method it would need a type that isolated declarations cannot have.
    Object.defineProperty(DelegatedAccessToken.prototype, Symbol.for('nodejs.util.inspect.custom'), {
      value: DelegatedAccessToken.prototype.toString,
    })
  }

  readonly #fields: DelegatedAccessTokenFields

  constructor(fields: DelegatedAccessTokenFields) {
    this.#fields = fields
  }

  /** The token itself, for an `Authorization` header of the scheme {@link tokenType}. */
  get accessToken(): string {
    return this.#fields.accessToken
  }

  /** The scheme; a token of type `DPoP` is of use only with a proof, which `client.fetch` adds. */
  get tokenType(): 'Bearer' | 'DPoP' {
    return this.#fields.tokenType
  }

  /** When the delegation ends, in seconds since the epoch: the earlier end of the token and of the assertion. */
  get expiresAt(): number {
    return this.#fields.expiresAt
  }

  /** The scopes that were granted, from the claim `scp`. */
  get scopes(): readonly string[] {
    return this.#fields.scopes
  }

  /** The user. */
  get subject(): string {
    return this.#fields.subject
  }

  /** All actors, this client first; the others are for audit only (RFC 8693 §4.1). */
  get actors(): readonly Actor[] {
    return this.#fields.actors
  }

  /** What is shown wherever the token is printed. */
  toJSON(): {
    readonly accessToken: '[redacted]'
    readonly expiresAt: number
    readonly scopes: readonly string[]
  } {
    return { accessToken: '[redacted]', expiresAt: this.expiresAt, scopes: this.scopes }
  }

  toString(): string {
    return `DelegatedAccessToken ${JSON.stringify(this)}`
  }
}
