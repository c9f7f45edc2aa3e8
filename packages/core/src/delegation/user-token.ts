import type { Denial } from '../errors/denial.ts'
import { type ClaimTest, type Dialect, isSame, marks, proves } from '../issuer/dialect.ts'
import type { Json, JsonObject } from '../json/json.ts'

/** Claims that access tokens have not: those of ID tokens, then those of logout tokens, security event tokens and DPoP proofs. */
const foreignClaims = ['nonce', 'at_hash', 'c_hash', 's_hash', 'events', 'htm', 'htu', 'ath'] as const
/** Where issuers say what a token is, and what they call an access token there. */
const declaredKinds: readonly (readonly [claim: string, accepted: readonly Json[]])[] = [
  ['token_use', ['access']],
  ['typ', ['Bearer', 'DPoP', 'JWT', 'at+jwt']],
]
/** Where issuers name the client that a token was issued to, whatever their dialect. */
const clientClaims = ['cid', 'client_id', 'azp', 'appid'] as const
/** What machine tokens say that say it, whoever issues them. */
const machineMarks: readonly ClaimTest[] = [
  { claim: 'gty', is: ['client-credentials', 'client_credentials'] },
  { claim: 'grant_type', is: ['client-credentials', 'client_credentials'] },
  { claim: 'idtyp', is: ['app', 'device'] },
  { claim: 'sub_profile', is: ['service', 'ai_agent', 'client', 'device'] },
]

/**
 * Says why verified claims are not those of a user's own access token, or nothing when they are. A user is proven in
 * the words of the issuer's dialect and never assumed: a token that merely lacks the marks of a machine's is refused.
 * It does not verify the token, and does not judge the header, the audience or the times.
 *
 * @returns `assertion_subject_machine` when a machine is its subject, `assertion_type_unsupported` when it is another
 * kind of token, somebody acts in it, or nothing proves a user
 * @see https://www.rfc-editor.org/rfc/rfc9068#section-2.2
 */
export function whyNotUserToken(claims: JsonObject, subject: string, dialect: Dialect): Denial | undefined {
  const foreign = foreignClaims.find((name) => claims[name] !== undefined)
  if (foreign !== undefined) return unsupported(`it has the claim ${foreign}`)
  for (const [name, accepted] of declaredKinds) {
    const kind = claims[name]
    if (kind !== undefined && !accepted.includes(kind))
      return unsupported(`its claim ${name} names another kind of token`)
  }
  if (claims['act'] !== undefined || claims['assertion'] !== undefined)
    return unsupported(
      "somebody acts in it, so it is not a user's own; its issuer is configured with tokens: user",
    )
  const mark = [...dialect.machineMarks, ...machineMarks].find((test) => marks(test, claims))
  if (mark !== undefined) return machine(`its claim ${mark.claim} is that of a machine's token`)
  const parties = [subject, ...dialect.stableClaims.map((name) => claims[name])]
  const clients = [...dialect.clientClaims, ...clientClaims].map((name) => claims[name])
  if (parties.some((party) => clients.some((client) => isSame(party, client))))
    return machine('its subject is its client')
  const unproven = dialect.userProof.find((test) => !proves(test, claims))
  return unproven === undefined
    ? undefined
    : unsupported(`nothing in it proves a user: its claim ${unproven.claim} is not that of a user's token`)
}

function unsupported(detail: string): Denial {
  return { code: 'assertion_type_unsupported', detail }
}

function machine(detail: string): Denial {
  return { code: 'assertion_subject_machine', detail }
}
