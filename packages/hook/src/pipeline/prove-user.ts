import type { AssertionClaims, Denial, ErrorCode, JsonObject, Result } from '@behalf/core'
import {
  deny,
  fail,
  firstClaim,
  isPartyName,
  lookOf,
  mapSubject,
  parseActor,
  parseDelegatedToken,
  type VerifiedJwt,
  whyNotUserToken,
} from '@behalf/core/internal'
import type { ResolvedIssuer } from '../config/issuers.ts'
import type { Assertion } from './exchange.ts'

/** What is needed to say whose token it is, made once for a configuration. */
export interface UserProof {
  readonly issuers: ReadonlyMap<string, ResolvedIssuer>
  /** The prefixes of mapped subjects, as they look: no other user's may begin like one. */
  readonly prefixes: readonly string[]
  readonly maxActorDepth: number
}

type Proven = Result<Assertion, Denial>

/** Prepares what {@link proveUser} asks for. */
export function userProofOf(issuers: readonly ResolvedIssuer[], maxActorDepth: number): UserProof {
  const prefixes = issuers.flatMap(({ subject }) =>
    typeof subject === 'object' ? [lookOf(subject.prefix)] : [],
  )
  return { issuers: new Map(issuers.map((issuer) => [issuer.issuer, issuer])), prefixes, maxActorDepth }
}

/**
 * Finds the user of a verified token: the subject of a person's own, proven in the dialect of its issuer, or that of the
 * first token of a chain, which a delegated one conserves.
 */
export function proveUser(jwt: VerifiedJwt, proof: UserProof, nowSeconds: number): Proven {
  const issuer = proof.issuers.get(jwt.issuer)
  if (issuer === undefined) return deny('assertion_issuer_untrusted')
  return issuer.tokens === 'user' ? proveOwn(jwt, issuer, proof) : proveDelegated(jwt, proof, nowSeconds)
}

function proveOwn(
  { claims, issuer, audiences, expiresAt }: VerifiedJwt,
  own: ResolvedIssuer,
  proof: UserProof,
): Proven {
  const { sub: subject } = claims
  if (!isPartyName(subject)) return deny('assertion_subject_missing', 'sub is missing or unusable')
  if (own.dialect === undefined) throw new TypeError('an issuer of users has no dialect')
  const other = whyNotUserToken(claims, subject, own.dialect)
  if (other !== undefined) return fail(other)
  const mappedSubject = subjectOf(subject, own, proof)
  if (mappedSubject === undefined)
    return deny(
      'assertion_subject_missing',
      "its sub has no usable mapping, or begins with another issuer's prefix",
    )
  const scopes = scopesOf(firstClaim(own.dialect.scopeClaims, claims))
  const presented = { issuer, id: claims['jti'], mayAct: claims['may_act'], scopes, actor: undefined }
  return {
    ok: true,
    value: {
      issuer,
      subject,
      mappedSubject,
      audiences,
      expiresAt,
      claims,
      isOwn: true,
      stableClaims: own.dialect.stableClaims,
      org: own.org,
      presented,
    },
  }
}

/** Proven in full, as API B would: whoever presents it could be anybody who got hold of one. */
function proveDelegated(jwt: VerifiedJwt, proof: UserProof, nowSeconds: number): Proven {
  const { claims, issuer, audiences } = jwt
  const act = parseActor(claims['act'], proof.maxActorDepth)
  if (claims['act'] !== undefined && !act.ok) return act
  // Who vouches is looked at below, where it has a code of its own.
  const isSubjectOf = (sub: string, { iss, sub: subject }: AssertionClaims): boolean => {
    const vouching = proof.issuers.get(iss)
    return vouching === undefined || subjectOf(subject, vouching, proof) === sub
  }
  const read = parseDelegatedToken(claims, { nowSeconds, maxActorDepth: proof.maxActorDepth, isSubjectOf })
  if (!read.ok) {
    const { code, detail } = read.fault
    return deny(codeOf(code, claims), detail ?? 'it is no delegated token that API B would accept')
  }
  const { subject, user, actor, assertion, expiresAt } = read.value
  const vouching = proof.issuers.get(user.issuer)
  if (vouching?.tokens !== 'user')
    return deny('assertion_issuer_untrusted', 'its first token is of none that is configured for users')
  const presented = {
    issuer,
    id: claims['jti'],
    mayAct: claims['may_act'],
    scopes: scopesOf(claims['scp']),
    actor,
  }
  return {
    ok: true,
    value: {
      ...user,
      mappedSubject: subject,
      audiences,
      expiresAt,
      claims: assertion,
      isOwn: false,
      stableClaims: vouching.dialect?.stableClaims ?? [],
      org: vouching.org,
      presented,
    },
  }
}

/** The token's faults in the words of an assertion's. */
function codeOf(code: ErrorCode, { sub, cid, act, assertion }: JsonObject): ErrorCode {
  switch (code) {
    case 'token_expired':
      return 'assertion_expired'
    case 'actor_chain_too_deep':
      return code
    case 'token_undelegated':
      return sub === cid && act === undefined && assertion === undefined
        ? 'assertion_subject_machine'
        : 'assertion_type_unsupported'
    case 'actor_mismatch':
      return 'actor_not_permitted'
    default:
      return 'assertion_type_unsupported'
  }
}

/** What delegated tokens call the user; nobody may be called like somebody else's mapped user. */
function subjectOf(
  subject: string,
  { subject: mapping }: ResolvedIssuer,
  { prefixes }: UserProof,
): string | undefined {
  const mapped = mapSubject(mapping, subject)
  if (mapped === undefined || typeof mapping === 'object') return mapped
  if (prefixes.length === 0) return mapped
  const look = lookOf(mapped)
  return prefixes.some((prefix) => look.startsWith(prefix)) ? undefined : mapped
}

function scopesOf(claim: JsonObject[string]): readonly string[] {
  if (typeof claim === 'string') return claim.split(' ').filter((scope) => scope !== '')
  // Copied, because that of a token to be remembered is frozen, and V8 takes several times as long over what is.
  return Array.isArray(claim) ? [...claim].filter((scope) => typeof scope === 'string') : []
}
