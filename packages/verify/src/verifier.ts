import { type KeyCacheStatus, systemClock } from '@behalf/core'
import {
  assertOptions,
  createJwtVerifier,
  defaultClockToleranceSeconds,
  defaultMaxActorDepth,
  isObject,
  KeyCache,
  type OptionRule,
  type OptionRules,
} from '@behalf/core/internal'
import type { Access, DelegatedAccess } from './access/access.ts'
import { jwtError } from './access/jwt-error.ts'
import { type AccessByMode, type AccessMode, readAccess } from './access/mode.ts'
import { createPossessionCheck, type PresentedProof } from './dpop/possession.ts'
import { type RouteOptions, type VerifierOptions, verifierRules } from './options.ts'
import { type ApiRequest, type Authorization, authorizeRequest } from './request/authorize-request.ts'
import { TokenError, tokenErrorFrom } from './token-error.ts'

/** What {@link Verifier.verify} needs for one token beyond the verifier's options. */
export interface VerifyOptions extends RouteOptions {
  /** The proof that came with the token, when it came as `Authorization: DPoP`. */
  readonly dpop?: PresentedProof
}

/** Accepts or refuses the tokens that one API is called with. */
export interface Verifier<out A extends Access = DelegatedAccess> {
  /**
   * Verifies a token.
   *
   * @throws TokenError - with `code` and `status`, when the token is refused or the keys are out of reach
   * @throws TypeError - when options are unknown or unusable, because a check that was meant must not disappear
   */
  verify(token: string, options?: VerifyOptions): Promise<A>
  /**
   * Verifies the token of a request; a refusal comes with the status and headers to answer with. It looks at
   * the headers `Authorization` and `DPoP`, the method and the path, and at nothing else.
   *
   * @throws TypeError - when options are unknown or unusable
   */
  authorize(request: ApiRequest, options?: RouteOptions): Promise<Authorization<A>>
  /** Fetches the issuer's keys unless they are fresh, so that the first request does not wait for them. */
  loadKeys(): Promise<KeyCacheStatus>
  /** How the issuer's keys are doing; makes no call. */
  keyStatus(): KeyCacheStatus
}

const aText: OptionRule = {
  required: true,
  expected: 'a string',
  holds: (value) => typeof value === 'string',
}
const callRules: OptionRules<keyof RouteOptions> = {
  requiredScopes: {
    expected: 'a list of scopes',
    holds: (value) => Array.isArray(value) && value.every((scope) => typeof scope === 'string'),
  },
}
/** A proof that is left out needs no check: a token that is bound to a key is refused without one. */
const proofRules: OptionRules<keyof PresentedProof> = {
  proof: aText,
  method: aText,
  url: aText,
  origin: { expected: 'an object', holds: isObject },
}

const defaultMaxTokenBytes = 16_384

/**
 * Makes the verifier of an API: signature, `iss`, `aud`, `exp`, `nbf`, `iat`; that the token is a delegation
 * (`act.sub` is `cid`, `sub` is another, `assertion.sub` is `sub`, `assertion.exp` is in the future), by an
 * allowed actor, with the required scopes and the proof of a key that it is bound to. A plain machine token,
 * which Okta issues when its hook could not answer, is refused unless `mode` says otherwise. It does not ask
 * whether a token was revoked, and the inner actors of a chain permit nothing.
 *
 * Nothing is fetched before the first token or {@link Verifier.loadKeys}.
 *
 * @example
 * ```ts
 * import { createVerifier } from '@behalf/verify'
 *
 * const verifier = createVerifier({
 *   issuer: 'https://example.okta.com/oauth2/default',
 *   audience: 'api://orders',
 *   requiredScopes: ['orders:read'],
 * })
 * const { subject, actor } = await verifier.verify('eyJhbGciOi…')
 * ```
 *
 * @throws TypeError - when options are unusable; it lists every fault
 * @see https://www.rfc-editor.org/rfc/rfc8693#section-4.1
 */
export function createVerifier(options: VerifierOptions & { readonly mode?: 'delegated' }): Verifier
export function createVerifier<M extends AccessMode>(
  options: VerifierOptions & { readonly mode: M },
): Verifier<AccessByMode[M]>
export function createVerifier(options: VerifierOptions): Verifier<Access>
export function createVerifier(options: VerifierOptions): Verifier<Access> {
  assertOptions('createVerifier', options, verifierRules)
  const { mode = 'delegated', requiredScopes: alwaysRequired = [], clock = systemClock } = options
  const { allowedActors, allowedAssertionIssuers, maxActorDepth = defaultMaxActorDepth } = options
  const { issuer, audience, jwksUri, fetch, subject = 'assertion' } = options
  const keys = new KeyCache({ ...options.keys, issuer, jwksUri, fetch, clock })
  const verifyJwt = createJwtVerifier({
    issuers: [
      {
        issuer,
        audiences: typeof audience === 'string' ? [audience] : audience,
        algorithms: options.algorithms ?? ['RS256'],
        clockToleranceSeconds: options.clockToleranceSeconds ?? defaultClockToleranceSeconds,
        keys,
      },
    ],
    clock,
    maxBytes: options.maxTokenBytes ?? defaultMaxTokenBytes,
  })
  const checkPossession = createPossessionCheck(options.dpop)
  /** A guard gives the same ones with every request. */
  const usableRoutes = new WeakSet<RouteOptions>()

  async function examine(
    token: string,
    { requiredScopes, dpop }: VerifyOptions,
  ): Promise<Access | TokenError> {
    if (!token) return new TokenError('token_missing')
    const verified = await verifyJwt(token)
    if (!verified.ok) return jwtError(verified.fault)
    const { claims, expiresAt } = verified.value
    const nowSeconds = clock.now() / 1000
    const unpossessed = checkPossession({ token, cnf: claims['cnf'], nowSeconds }, dpop)
    if (unpossessed !== undefined) return unpossessed
    const read = readAccess(mode, { token, claims, expiresAt }, { nowSeconds, maxActorDepth, subject })
    if (!read.ok) return tokenErrorFrom(read.fault)
    const access = read.value
    if (allowedActors?.includes(actingClient(access)) === false) return new TokenError('actor_not_allowed')
    if (access.kind === 'delegated' && allowedAssertionIssuers?.includes(access.assertion.iss) === false)
      return new TokenError('token_invalid', { detail: "the assertion's issuer is not allowed" })
    if (!includesAll(access.scopes, alwaysRequired) || !includesAll(access.scopes, requiredScopes))
      return new TokenError('insufficient_scope')
    return access
  }

  return {
    async verify(token, verifyOptions) {
      if (verifyOptions !== undefined) {
        const { dpop, ...route } = verifyOptions
        assertOptions('verify', route, callRules)
        if (dpop !== undefined) assertOptions('verify: dpop', dpop, proofRules)
      }
      const outcome = await examine(token, verifyOptions ?? {})
      if (outcome instanceof TokenError) throw outcome
      return outcome
    },
    async authorize(request, route) {
      if (route !== undefined && !usableRoutes.has(route)) {
        assertOptions('authorize', route, callRules)
        usableRoutes.add(route)
      }
      const { requiredScopes = [] } = route ?? {}
      return authorizeRequest(request, {
        examine,
        requiredScopes: [...new Set([...alwaysRequired, ...requiredScopes])],
        options,
      })
    },
    loadKeys: () => keys.load(),
    keyStatus: () => keys.status(),
  }
}

/** The client that calls, whether for a user or for itself; Okta vouches for it in `cid`. */
function actingClient(access: Access): string {
  return access.kind === 'delegated' ? access.actor.sub : access.client
}

function includesAll(granted: readonly string[], required: readonly string[] = []): boolean {
  return required.every((scope) => granted.includes(scope))
}
