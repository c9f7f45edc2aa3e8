import type { Denial, Json } from '@behalf/core'
import type { VerifiedJwt } from '@behalf/core/internal'

/** Claims that access tokens have not: those of ID tokens, then those of logout tokens, security event tokens and DPoP proofs. */
const foreignClaims = ['nonce', 'at_hash', 'c_hash', 's_hash', 'events', 'htm', 'htu', 'ath'] as const
/** Where other issuers say what a token is, and what they call an access token there. */
const declaredKinds: readonly (readonly [claim: string, accepted: readonly Json[]])[] = [
  ['token_use', ['access']],
  ['typ', ['Bearer', 'JWT', 'at+jwt']],
]
/** What access tokens say, and ID tokens do not: who it was issued to, or what for. `azp` is in ID tokens, too. */
const accessTokenClaims = ['cid', 'client_id', 'appid', 'scp', 'scope'] as const
/**
 * All that a token may say that does not name a client or a scope: an assertion as RFC 7523 has it. With
 * anything more, e.g. `email` or `amr`, it would be taken for an access token only because nothing says that
 * it is an ID token.
 */
const bareClaims: ReadonlySet<string> = new Set([
  ...['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'ver', 'uid'],
  ...['act', 'may_act', 'cnf', 'assertion'],
])
/** Where issuers name the client that a token was issued to. */
const clientClaims = ['cid', 'client_id', 'azp', 'appid'] as const

/**
 * Why verified claims are not those of a user's access token, or undefined when they are. `typ` was judged
 * with the header.
 *
 * @param clientId - the client that presents the token
 * @see https://www.rfc-editor.org/rfc/rfc9068#section-2.2
 */
export function whyNotUserToken(
  { header, claims }: Pick<VerifiedJwt, 'header' | 'claims'>,
  subject: string,
  clientId: string,
): Denial | undefined {
  const foreign = foreignClaims.find((name) => claims[name] !== undefined)
  if (foreign !== undefined)
    return { code: 'assertion_type_unsupported', detail: `it has the claim ${foreign}` }
  for (const [name, accepted] of declaredKinds) {
    const kind = claims[name]
    if (kind !== undefined && !accepted.includes(kind))
      return { code: 'assertion_type_unsupported', detail: `its claim ${name} names another kind of token` }
  }
  const isDeclared = typeof header['typ'] === 'string' && /^(application\/)?at\+jwt$/i.test(header['typ'])
  const isNamed = accessTokenClaims.some((name) => claims[name] !== undefined)
  if (!isNamed && !isDeclared && !Object.keys(claims).every((name) => bareClaims.has(name))) {
    return { code: 'assertion_type_unsupported', detail: 'it names neither a client nor a scope' }
  }
  const isMachine =
    subject === clientId ||
    clientClaims.some((name) => claims[name] === subject) ||
    claims['gty'] === 'client-credentials' ||
    claims['idtyp'] === 'app'
  return isMachine ? { code: 'assertion_subject_machine' } : undefined
}
