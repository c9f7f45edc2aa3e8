import type { AssertionClaims, DelegatedToken, DialectName, OwnDialect, SubjectMapping } from '@behalf/core'
import { type Dialect, lookOf, mapSubject, resolveDialect } from '@behalf/core/internal'

/** What is accepted of one issuer of users' own tokens. */
export interface AssertionIssuer {
  /** What the hook makes of its subjects, in the same spelling as there. Default: they stay as they are. */
  readonly subject?: SubjectMapping
  /** Whose people it vouches for, in the very words of the hook's configuration. Needed beside `revocation`. */
  readonly org?: string
  /**
   * How its tokens speak, which says what identifies a user for good. Default `okta` for issuers whose path is
   * `/oauth2/<id>`; others must name theirs beside `revocation`.
   */
  readonly dialect?: DialectName | OwnDialect
}

/** By what the users of an issuer are found among those that were cut off. */
export interface Vouching {
  readonly org: string | undefined
  readonly dialect: Dialect | undefined
}

/** Whose users may be acted for, and what their subjects are called in delegated tokens. */
export class AssertionIssuers {
  readonly #allowed: ReadonlyMap<string, AssertionIssuer> | undefined
  readonly #delegating: ReadonlySet<string>
  readonly #vouching: ReadonlyMap<string, Vouching>
  readonly #prefixes: readonly string[]

  /**
   * @param allowed - by issuer; any issuer, without mapping, when undefined
   * @param delegating - the issuers of delegated tokens, which vouch for nobody
   */
  constructor(allowed: Readonly<Record<string, AssertionIssuer>> | undefined, delegating: readonly string[]) {
    this.#allowed = allowed === undefined ? undefined : new Map(Object.entries(allowed))
    this.#delegating = new Set(delegating)
    this.#vouching = new Map(
      Object.entries(allowed ?? {}).map(([issuer, { org, dialect }]) => [
        issuer,
        { org, dialect: resolveDialect(issuer, dialect) },
      ]),
    )
    this.#prefixes = Object.values(allowed ?? {}).flatMap(({ subject }) =>
      typeof subject === 'object' ? [lookOf(subject.prefix)] : [],
    )
  }

  /** By what the users of an issuer are found; undefined when it is none of those that are stated. */
  vouching(issuer: string): Vouching | undefined {
    return this.#vouching.get(issuer)
  }

  /** Whether `sub` is what the mapping makes of the user. */
  isSubjectOf(sub: string, { iss, sub: subject }: AssertionClaims): boolean {
    return this.subjectOf(iss, subject) === sub
  }

  /**
   * What a user is called here, whoever presents their token; undefined when the mapping makes nothing usable of the name,
   * or when it begins with another issuer's prefix, since nobody may be called like somebody else's user.
   */
  subjectOf(issuer: string, subject: string): string | undefined {
    const mapping = this.#allowed?.get(issuer)?.subject
    const mapped = mapSubject(mapping, subject)
    if (mapped === undefined || typeof mapping === 'object') return mapped
    if (this.#prefixes.length === 0) return mapped
    const look = lookOf(mapped)
    return this.#prefixes.some((prefix) => look.startsWith(prefix)) ? undefined : mapped
  }

  /**
   * Why the issuer of the first token is not to vouch for a user, in words that are safe to log. An issuer of delegated
   * tokens vouches for nobody, but where one server issues users' tokens as well: then for a single hop, because its
   * delegated tokens cannot be told apart from users' own further down a chain.
   */
  whyUntrusted({ assertion: { iss }, actors }: DelegatedToken, issuer: string): string | undefined {
    if (this.#delegating.has(iss) && (iss !== issuer || actors.length > 1))
      return 'its assertion is of an issuer of delegated tokens, which vouches for nobody'
    return this.#allowed?.has(iss) === false ? "its assertion's issuer is not allowed" : undefined
  }
}

/**
 * Says where one prefix begins another, a user of the one could be called like a user of the other. Issuers that vouch for the
 * same people have the same prefix: the hook, which is told whose people they are, sees to that.
 */
export function findPrefixFaults(
  assertionIssuers: Readonly<Record<string, AssertionIssuer>>,
): readonly string[] {
  const prefixes = Object.entries(assertionIssuers).flatMap(([issuer, { subject }]) =>
    typeof subject === 'object' ? [{ issuer, prefix: subject.prefix }] : [],
  )
  return prefixes
    .filter(({ prefix }) =>
      prefixes.some((other) => prefix !== other.prefix && lookOf(prefix).startsWith(lookOf(other.prefix))),
    )
    .map(
      ({ issuer }) =>
        `assertionIssuers[${JSON.stringify(issuer)}].subject.prefix: expected one that begins with no other one`,
    )
}
