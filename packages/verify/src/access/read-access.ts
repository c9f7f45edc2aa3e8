import type { Denial, Result } from '@behalf/core'
import {
  type Dialect,
  deny,
  firstClaim,
  isPartyName,
  parseActor,
  parseDelegatedToken,
  pass,
  whyNotUserToken,
} from '@behalf/core/internal'
import {
  type Access,
  VerifiedDelegation,
  VerifiedMachine,
  VerifiedOktaDelegation,
  type VerifiedToken,
  VerifiedUser,
} from './access.ts'
import type { AssertionIssuers } from './assertion-issuers.ts'
import type { IssuedKind } from './token-kind.ts'

/** What tokens of one issuer are read as. */
export interface Reading {
  readonly tokens: IssuedKind | undefined
  readonly dialect: Dialect | undefined
  readonly acceptsMachines: boolean
  readonly maxActorDepth: number
  readonly subject: 'assertion' | 'keep'
  readonly assertionIssuers: AssertionIssuers
}

/**
 * Reads a verified token as what its issuer issues. It does not judge who the actor is, nor which scopes are there.
 * What is not plainly a machine's token has to pass as the issuer's own kind; there is no way back.
 */
export function readAccess(
  token: VerifiedToken,
  reading: Reading,
  nowSeconds: number,
): Result<Access, Denial> {
  const { claims } = token
  if (reading.acceptsMachines && isMachineToken(token))
    return pass(new VerifiedMachine(token, String(claims['cid'])))
  switch (reading.tokens) {
    case 'delegated':
      return readDelegation(token, reading, nowSeconds)
    case 'user':
      return readUser(token, reading)
    case 'okta-token-exchange':
      return readTokenExchange(token, reading)
    case 'okta-agent':
      return readAgent(token, reading)
    case undefined:
      return deny('token_invalid', 'it is not a plain machine token')
  }
}

/** `uid` is there in users' tokens only, and gives away a user whose login was chosen to equal a client id. */
function isMachineToken({ claims: { sub, cid, act, assertion, uid } }: VerifiedToken): boolean {
  return isPartyName(cid) && sub === cid && act === undefined && assertion === undefined && uid === undefined
}

function readDelegation(token: VerifiedToken, reading: Reading, nowSeconds: number): Result<Access, Denial> {
  const { maxActorDepth, subject, assertionIssuers } = reading
  const delegated = parseDelegatedToken(token.claims, {
    nowSeconds,
    maxActorDepth,
    subject,
    isSubjectOf: (sub, assertion) => assertionIssuers.isSubjectOf(sub, assertion),
  })
  if (!delegated.ok) return delegated
  const untrusted = assertionIssuers.whyUntrusted(delegated.value, token.issuer)
  return untrusted === undefined
    ? pass(new VerifiedDelegation(token, delegated.value))
    : deny('token_invalid', untrusted)
}

function readUser(token: VerifiedToken, reading: Reading): Result<VerifiedUser, Denial> {
  const { dialect, assertionIssuers } = reading
  const { claims, issuer } = token
  const { sub } = claims
  if (!isPartyName(sub)) return deny('token_invalid', 'sub is unusable')
  if (dialect === undefined) return deny('token_invalid', 'its issuer has no dialect')
  const other = whyNotUserToken(claims, sub, dialect)
  if (other !== undefined) return deny('token_invalid', `not a user's own: ${other.detail ?? other.code}`)
  const subject = assertionIssuers.subjectOf(issuer, sub)
  if (subject === undefined)
    return deny('token_invalid', "its sub has no usable mapping, or begins with another issuer's prefix")
  const client = firstClaim(dialect.clientClaims, claims)
  return isPartyName(client)
    ? pass(new VerifiedUser(token, subject, { issuer, subject: sub }, client))
    : deny('token_invalid', 'it names no client')
}

/** Okta's own exchange leaves no trace of the actor but the client that the token was issued to. */
function readTokenExchange(token: VerifiedToken, reading: Reading): Result<Access, Denial> {
  const read = readUser(token, reading)
  if (!read.ok) return read
  const { subject, user, client } = read.value
  return pass(new VerifiedOktaDelegation('okta-token-exchange', token, subject, user, { sub: client }, true))
}

/**
 * Okta's agents are named in `act`, outermost first, with what they are in `sub_profile`; `uid` is the user's.
 *
 * @see https://developer.okta.com/docs/guides/ai-agent-token-exchange/-/main/
 */
function readAgent(
  token: VerifiedToken,
  { maxActorDepth, assertionIssuers }: Reading,
): Result<Access, Denial> {
  const { sub, act, uid, assertion } = token.claims
  if (!isPartyName(sub)) return deny('token_invalid', 'sub is unusable')
  if (act === undefined) return deny('token_undelegated', 'it has no act')
  if (assertion !== undefined)
    return deny('token_invalid', "it has the claim assertion, which Okta's agents have not")
  if (!isPartyName(uid)) return deny('token_invalid', 'nothing in it proves a user: it has no uid')
  const actor = parseActor(act, maxActorDepth)
  if (!actor.ok)
    return actor.fault.code === 'actor_chain_too_deep' ? actor : deny('token_invalid', actor.fault.detail)
  if (actor.value.sub_profile === undefined) return deny('token_invalid', 'its actor does not say what it is')
  const subject = assertionIssuers.subjectOf(token.issuer, sub)
  if (subject === undefined) return deny('token_invalid', "its sub begins with another issuer's prefix")
  const user = { issuer: token.issuer, subject: sub }
  return pass(new VerifiedOktaDelegation('okta-agent', token, subject, user, actor.value, false))
}
