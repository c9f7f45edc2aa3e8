import {
  type Actor,
  type AssertionClaims,
  type DelegatedToken,
  type JsonObject,
  listActors,
  type User,
} from '@behalf/core'

/**
 * What a verified token permits, whoever it was issued for. Printing it or turning it into JSON shows who and
 * which scopes, never the token or its claims.
 */
export interface VerifiedAccess {
  /** Who issued the token. */
  readonly issuer: string
  /** What the authorization server granted. */
  readonly scopes: readonly string[]
  /** All claims of the token. */
  readonly claims: JsonObject
  /** The token itself, for a call further down the chain; send it nowhere else. */
  readonly token: string
  /** When the access ends, in seconds since the epoch. */
  readonly expiresAt: number
}

/** A user's access, exercised by a client on the user's behalf, whichever way the delegation came about. */
export interface ActingForUser extends VerifiedAccess {
  /** The user as `sub` names them: mapped where the users of several issuers meet. */
  readonly subject: string
  /** The user as whoever vouched for them does, never mapped; tell users apart by both members. */
  readonly user: User
  /** The client that acts for the user now; the only actor that may drive authorization. */
  readonly actor: Actor
  /** All actors, the current one first; the others are for audit only. */
  readonly actors: readonly Actor[]
  /** Whether no claim names the actor, so that the client that the token was issued to stands for it. */
  readonly actorInferred: boolean
}

/** A user's access by a token that the hook has extended. */
export interface DelegatedAccess extends ActingForUser {
  readonly kind: 'delegated'
  /** The verified claims of the user's own token. */
  readonly assertion: AssertionClaims
  /** When the access ends, in seconds since the epoch: the earlier of `exp` and `assertion.exp`. */
  readonly expiresAt: number
}

/** What Okta issues for a user without the hook: by its own On-Behalf-Of exchange, or to AI agents. */
export type OktaDelegatedKind = 'okta-token-exchange' | 'okta-agent'

/** A user's access by a token with which Okta itself lets a client act for the user. */
export interface OktaDelegatedAccess<out K extends OktaDelegatedKind = OktaDelegatedKind>
  extends ActingForUser {
  readonly kind: K
}

/** A user's access, exercised by the application that the user has signed in to. */
export interface UserAccess extends VerifiedAccess {
  readonly kind: 'user'
  /** The user, as delegated tokens name them: mapped as `assertionIssuers` says. */
  readonly subject: string
  /** The user as the issuer names them, together with it; tell users apart by both members. */
  readonly user: User
  /** The application. */
  readonly client: string
}

/** A client's access in its own name; there is no user. */
export interface MachineAccess extends VerifiedAccess {
  readonly kind: 'machine'
  /** The client. */
  readonly client: string
}

/** Any kind; `kind` tells which. */
export type Access =
  | DelegatedAccess
  | OktaDelegatedAccess<'okta-token-exchange'>
  | OktaDelegatedAccess<'okta-agent'>
  | UserAccess
  | MachineAccess

/** A token whose signature, issuer, audience and times hold, and what it grants. */
export interface VerifiedToken {
  readonly token: string
  readonly claims: JsonObject
  readonly issuer: string
  readonly scopes: readonly string[]
  /** `exp`, in seconds since the epoch. */
  readonly expiresAt: number
}

/** Keeps what must not be printed out of the object's own members. */
class Credentials {
  readonly #token: string
  readonly #claims: JsonObject
  readonly issuer: string
  readonly scopes: readonly string[]

  constructor({ token, claims, issuer, scopes }: VerifiedToken) {
    this.#token = token
    this.#claims = claims
    this.issuer = issuer
    this.scopes = scopes
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
  readonly user: User
  readonly actor: Actor
  readonly actors: readonly Actor[]
  readonly actorInferred = false
  readonly expiresAt: number
  readonly #assertion: AssertionClaims

  constructor(token: VerifiedToken, delegated: DelegatedToken) {
    super(token)
    this.subject = delegated.subject
    this.user = delegated.user
    this.actor = delegated.actor
    this.actors = delegated.actors
    this.expiresAt = delegated.expiresAt
    this.#assertion = delegated.assertion
  }

  get assertion(): AssertionClaims {
    return this.#assertion
  }
}

/** What {@link OktaDelegatedAccess} promises, without the token and its claims among its own members. */
export class VerifiedOktaDelegation<K extends OktaDelegatedKind>
  extends Credentials
  implements OktaDelegatedAccess<K>
{
  readonly kind: K
  readonly subject: string
  readonly user: User
  readonly actor: Actor
  readonly actors: readonly Actor[]
  readonly actorInferred: boolean
  readonly expiresAt: number

  constructor(
    kind: K,
    token: VerifiedToken,
    subject: string,
    user: User,
    actor: Actor,
    actorInferred: boolean,
  ) {
    super(token)
    this.kind = kind
    this.subject = subject
    this.user = user
    this.actor = actor
    this.actors = listActors(actor)
    this.actorInferred = actorInferred
    this.expiresAt = token.expiresAt
  }
}

/** What {@link UserAccess} promises, without the token and its claims among its own members. */
export class VerifiedUser extends Credentials implements UserAccess {
  readonly kind = 'user'
  readonly subject: string
  readonly user: User
  readonly client: string
  readonly expiresAt: number

  constructor(token: VerifiedToken, subject: string, user: User, client: string) {
    super(token)
    this.subject = subject
    this.user = user
    this.client = client
    this.expiresAt = token.expiresAt
  }
}

/** What {@link MachineAccess} promises, without the token and its claims among its own members. */
export class VerifiedMachine extends Credentials implements MachineAccess {
  readonly kind = 'machine'
  readonly client: string
  readonly expiresAt: number

  constructor(token: VerifiedToken, client: string) {
    super(token)
    this.client = client
    this.expiresAt = token.expiresAt
  }
}
