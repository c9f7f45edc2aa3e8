import type { Actor, AssertionClaims, DelegatedToken, JsonObject } from '@behalf/core'

/**
 * What a verified token permits, whoever it was issued for. Printing it or turning it into JSON shows who and
 * which scopes, never the token or its claims.
 */
interface VerifiedAccess {
  /** What the authorization server granted. */
  readonly scopes: readonly string[]
  /** All claims of the token. */
  readonly claims: JsonObject
  /** The token itself, for a call further down the chain; send it nowhere else. */
  readonly token: string
  /** When the access ends, in seconds since the epoch. */
  readonly expiresAt: number
}

/** A user's access, exercised by a client on the user's behalf. */
export interface DelegatedAccess extends VerifiedAccess {
  readonly kind: 'delegated'
  /** The user. */
  readonly subject: string
  /** The client that acts for the user now; the only actor that may drive authorization. */
  readonly actor: Actor
  /** All actors, the current one first; the others are for audit only. */
  readonly actors: readonly Actor[]
  /** The verified claims of the user's own token. */
  readonly assertion: AssertionClaims
  /** When the access ends, in seconds since the epoch: the earlier of `exp` and `assertion.exp`. */
  readonly expiresAt: number
}

/** A client's access in its own name; there is no user. */
export interface MachineAccess extends VerifiedAccess {
  readonly kind: 'machine'
  /** The client. */
  readonly client: string
}

/** Either kind; `kind` tells which. */
export type Access = DelegatedAccess | MachineAccess

/** Keeps what must not be printed out of the object's own members. */
class Credentials {
  readonly #token: string
  readonly #claims: JsonObject

  constructor(token: string, claims: JsonObject) {
    this.#token = token
    this.#claims = claims
  }

  get token(): string {
    return this.#token
  }

  get claims(): JsonObject {
    return this.#claims
  }
}

/** What {@link DelegatedAccess} promises, without the token and its claims among its own members. */
export class VerifiedDelegation extends Credentials implements DelegatedAccess {
  readonly kind = 'delegated'
  readonly subject: string
  readonly actor: Actor
  readonly actors: readonly Actor[]
  readonly scopes: readonly string[]
  readonly expiresAt: number
  readonly #assertion: AssertionClaims

  constructor(token: string, claims: JsonObject, scopes: readonly string[], delegated: DelegatedToken) {
    super(token, claims)
    this.subject = delegated.subject
    this.actor = delegated.actor
    this.actors = delegated.actors
    this.scopes = scopes
    this.expiresAt = delegated.expiresAt
    this.#assertion = delegated.assertion
  }

  get assertion(): AssertionClaims {
    return this.#assertion
  }
}

/** What {@link MachineAccess} promises, without the token and its claims among its own members. */
export class VerifiedMachine extends Credentials implements MachineAccess {
  readonly kind = 'machine'
  readonly client: string
  readonly scopes: readonly string[]
  readonly expiresAt: number

  constructor(
    token: string,
    claims: JsonObject,
    scopes: readonly string[],
    client: string,
    expiresAt: number,
  ) {
    super(token, claims)
    this.client = client
    this.scopes = scopes
    this.expiresAt = expiresAt
  }
}
