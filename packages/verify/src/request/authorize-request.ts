import type { PresentedToken } from '@behalf/core/internal'
import type { Access } from '../access/access.ts'
import type { PresentedProof } from '../dpop/possession.ts'
import type { RouteOptions, VerifierOptions } from '../options/verifier-options.ts'
import { TokenError } from '../token-error.ts'
import { readAuthorization, type TokenScheme } from './authorization-header.ts'
import { buildChallenge } from './challenge.ts'

/** What a framework's request comes down to. */
export interface ApiRequest {
  readonly method: string
  /** The request's target as the client sent it: a path with query, or a URL of which only the path counts. */
  readonly url: string
  /** All values of a header, by its lower-case name; none when it is absent. */
  readonly header: (name: 'authorization' | 'dpop') => readonly string[]
  /**
   * The framework's own object for the request. Where two guards look at one request, it tells that the proof which both
   * see is not a replay.
   */
  readonly origin?: object
}

/** How to answer a request whose token was refused: without a body. */
export interface Refusal {
  readonly status: 401 | 403 | 503
  /** `www-authenticate`, unless another token would not help, and `dpop-nonce` where a proof needs one. */
  readonly headers: Readonly<Record<string, string>>
  /** Why, for API B's log; not for the caller. */
  readonly error: TokenError
}

/** What a request may do, or how to refuse it. */
export type Authorization<A extends Access = Access> =
  | { readonly ok: true; readonly access: A }
  | { readonly ok: false; readonly refusal: Refusal }

interface Examination<A extends Access> {
  readonly examine: (
    token: string,
    options: RouteOptions & { readonly dpop?: PresentedProof },
  ) => A | TokenError | Promise<A | TokenError>
  readonly requiredScopes: readonly string[]
  readonly options: VerifierOptions
}

/** Returns the one way from a request to an access or a refusal, whatever the framework. */
export async function authorizeRequest<A extends Access>(
  request: ApiRequest,
  examination: Examination<A>,
): Promise<Authorization<A>> {
  const { dpop, resourceMetadata, onRefusal } = examination.options
  const presented = readAuthorization(request.header('authorization'))
  const outcome =
    presented instanceof TokenError ? presented : await examinePresented(presented, request, examination)
  if (!(outcome instanceof TokenError)) return { ok: true, access: outcome }
  onRefusal?.(outcome)
  const scheme = presented instanceof TokenError ? undefined : presented.scheme
  const { requiredScopes } = examination
  const challenge = buildChallenge(outcome, { scheme, requiredScopes, resourceMetadata, dpop })
  const headers = {
    ...(challenge === undefined ? {} : { 'www-authenticate': challenge }),
    ...(outcome.dpopNonce === undefined ? {} : { 'dpop-nonce': outcome.dpopNonce }),
  }
  return { ok: false, refusal: { status: outcome.status, headers, error: outcome } }
}

async function examinePresented<A extends Access>(
  { scheme, token }: PresentedToken<TokenScheme>,
  { method, url, header, origin }: ApiRequest,
  { examine, requiredScopes, options }: Examination<A>,
): Promise<A | TokenError> {
  if (scheme === 'bearer') return examine(token, { requiredScopes })
  if (options.dpop === undefined) return new TokenError('token_missing')
  const [proof, ...others] = header('dpop')
  if (proof !== undefined && others.length === 0)
    return examine(token, {
      requiredScopes,
      dpop: { proof, method, url, ...(origin === undefined ? {} : { origin }) },
    })
  const detail = 'there is not exactly one DPoP header'
  return new TokenError('token_invalid', { detail, challengeError: 'invalid_dpop_proof' })
}
