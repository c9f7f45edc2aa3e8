import { BehalfError, type BehalfErrorOptions, type Denial, type ErrorCode } from '@behalf/core'
import { brand } from '@behalf/core/internal'

/** Why API B refused a token. */
export type TokenErrorCode = Extract<
  ErrorCode,
  | 'token_missing'
  | 'token_invalid'
  | 'token_expired'
  | 'token_undelegated'
  | 'actor_mismatch'
  | 'subject_mismatch'
  | 'actor_not_allowed'
  | 'actor_chain_too_deep'
  | 'insufficient_scope'
  | 'assertion_revoked'
  | 'revocation_unavailable'
  | 'keys_unavailable'
  | 'overloaded'
  | 'replay_store_unavailable'
>

/** What the caller is told in `WWW-Authenticate`, and nothing more. */
export type ChallengeError = 'invalid_token' | 'insufficient_scope' | 'invalid_dpop_proof' | 'use_dpop_nonce'

interface Answer {
  readonly status: 401 | 403 | 503
  readonly challengeError?: ChallengeError
}

const invalidToken: Answer = { status: 401, challengeError: 'invalid_token' }

/** 401 asks for another token; 403 says that another token for the same client would not help. */
const answers: Readonly<Record<TokenErrorCode, Answer>> = {
  token_missing: { status: 401 },
  token_invalid: invalidToken,
  token_expired: invalidToken,
  token_undelegated: invalidToken,
  actor_mismatch: invalidToken,
  subject_mismatch: invalidToken,
  actor_not_allowed: { status: 403 },
  actor_chain_too_deep: { status: 403 },
  insufficient_scope: { status: 403, challengeError: 'insufficient_scope' },
  assertion_revoked: invalidToken,
  revocation_unavailable: { status: 503 },
  keys_unavailable: { status: 503 },
  overloaded: { status: 503 },
  replay_store_unavailable: { status: 503 },
}

/** What a {@link TokenError} may carry besides its code. */
export interface TokenErrorOptions extends BehalfErrorOptions {
  /** Overrides what the code stands for, when a DPoP proof rather than the token was at fault. */
  readonly challengeError?: ChallengeError
  /** The nonce that the next proof is to bear. */
  readonly dpopNonce?: string
}

/**
 * Why API B refuses a token: switch on `code`, answer with `status`. It carries no token and no claim value;
 * `detail` names the rule that was broken and is for API B's log, not for the caller.
 *
 * @example
 * ```ts
 * import { TokenError } from '@behalf/verify'
 *
 * const error = new TokenError('token_undelegated')
 * error.status // 401
 * ```
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-3.1
 */
export class TokenError extends BehalfError {
  static {
    brand(TokenError, '@behalf/verify TokenError')
  }

  override readonly name: string = 'TokenError'
  declare readonly code: TokenErrorCode
  /** The HTTP status to answer with. */
  readonly status: 401 | 403 | 503
  /** The `error` of the challenge; undefined when the caller is told none. */
  readonly challengeError: ChallengeError | undefined
  /** What to answer as `DPoP-Nonce`, with `use_dpop_nonce`: what the next proof is to bear. */
  readonly dpopNonce: string | undefined

  constructor(code: TokenErrorCode, options: TokenErrorOptions = {}) {
    super(code, options)
    this.status = answers[code].status
    this.challengeError = options.challengeError ?? answers[code].challengeError
    this.dpopNonce = options.dpopNonce
  }
}

/** Returns the error for a denial from core, whose codes of other sides mean nothing to callers of API B. */
export function tokenErrorFrom({ code, detail }: Denial): TokenError {
  return new TokenError(
    isTokenErrorCode(code) ? code : 'token_invalid',
    detail === undefined ? {} : { detail },
  )
}

function isTokenErrorCode(code: ErrorCode): code is TokenErrorCode {
  return Object.hasOwn(answers, code)
}
