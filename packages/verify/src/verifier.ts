import type { KeyCacheStatus, Result } from '@behalf/core'
import {
  aBoolean,
  asOperation,
  assertOptions,
  createJwtVerifier,
  harmless,
  isObject,
  type JwtFault,
  KeyCache,
  type OptionRule,
  type OptionRules,
  observeKeys,
  type VerifiedJwt,
  VerifiedTokens,
} from '@behalf/core/internal'
import type { Access, DelegatedAccess } from './access/access.ts'
import { jwtError, keysUnavailable } from './access/jwt-error.ts'
import { type Reading, readAccess } from './access/read-access.ts'
import { createRevocationCheck } from './access/revocation-check.ts'
import { readScopes, readUserScopes } from './access/scopes.ts'
import type { AccessByKind, TokenKind } from './access/token-kind.ts'
import { createPossessionCheck, type PresentedProof } from './dpop/possession.ts'
import { resolveVerifierOptions } from './options/settings.ts'
import type { RouteOptions, VerifierOptions } from './options/verifier-options.ts'
import { type ApiRequest, type Authorization, authorizeRequest } from './request/authorize-request.ts'
import { requestVerification, tokenVerification } from './telemetry/verification.ts'
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
  /**
   * Fetches the issuers' keys unless they are fresh, so that the first request does not wait for them.
   *
   * @param options - `mayFail` for an API that starts without keys and looks at what is returned; default false
   * @throws TokenError - `keys_unavailable`, when an issuer has none: its name and the reason are in `detail`, the
   * network's own code in `causeCode`; not `retryable` when it stays so until somebody changes something
   * @throws TypeError - when options are unknown or unusable
   */
  loadKeys(options?: { readonly mayFail?: boolean }): Promise<KeyStatus>
  /** How the issuers' keys are doing; makes no call. */
  keyStatus(): KeyStatus
}

/** How the keys of all issuers are doing: ready when each is, with the first fault and the greatest age. */
export interface KeyStatus extends KeyCacheStatus {
  readonly issuers: readonly IssuerKeyStatus[]
}

/** How the keys of one issuer are doing. */
export interface IssuerKeyStatus extends KeyCacheStatus {
  readonly issuer: string
}

type Examined = Access | TokenError

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
const loadRules: OptionRules<'mayFail'> = { mayFail: aBoolean }
/** A proof that is left out needs no check: a token that is bound to a key is refused without one. */
const proofRules: OptionRules<keyof PresentedProof> = {
  proof: aText,
  method: aText,
  url: aText,
  origin: { expected: 'an object', holds: isObject },
}

/**
 * Makes the verifier of an API: signature, `iss`, `aud`, `exp`, `nbf`, `iat`; that the token is of a kind that is
 * accepted; for a delegation that `act.sub` is `cid` and vouched for by the token's own issuer, that `sub` is what
 * `assertionIssuers` makes of `assertion.iss` and `assertion.sub`, and that `assertion.exp` is in the future; an allowed
 * actor, the required scopes and the proof of a key that the token is bound to. A plain machine token, which Okta issues
 * when its hook could not answer, is refused unless `accept` names `machine`. Whether the user was
 * cut off it asks where `revocation` says whom, and the inner actors of a chain permit nothing.
 *
 * Nothing is fetched before the first token or {@link Verifier.loadKeys}.
 *
 * @example
 * ```ts
 * import { createVerifier } from '@behalf/verify'
 *
 * const verifier = createVerifier({
 *   issuer: 'https://example.okta.com/oauth2/behalf',
 *   audience: 'https://orders.example',
 *   requiredScopes: ['orders:read'],
 * })
 * const { subject, actor } = await verifier.verify('eyJhbGciOi…')
 * ```
 *
 * @throws TypeError - when options are unusable; it lists every fault
 * @see https://www.rfc-editor.org/rfc/rfc8693#section-4.1
 */
export function createVerifier<const K extends TokenKind = 'delegated'>(
  options: VerifierOptions<K>,
): Verifier<AccessByKind[K]>
export function createVerifier(options: VerifierOptions): Verifier<Access> {
  const settings = resolveVerifierOptions(options)
  const { clock, maxActorDepth, assertionIssuers, acceptsMachines } = settings
  const { requiredScopes: alwaysRequired = [], subject = 'assertion', fetch, verifiedTokens = {} } = options
  const telemetry = harmless(options.telemetry)
  const trusted = settings.issuers.map(({ issuer, jwksUri, ...rest }) => ({
    ...rest,
    issuer,
    clockToleranceSeconds: settings.clockToleranceSeconds,
    audienceClaims: rest.tokens === 'user' ? rest.dialect?.audienceClaims : undefined,
    keys: new KeyCache({
      ...options.keys,
      issuer,
      jwksUri,
      insecureHosts: options.insecureHosts,
      fetch,
      clock,
      telemetry,
    }),
  }))
  telemetry?.observe('behalf.keys.issuers', () => observeKeys(trusted.map(({ keys }) => keys)))
  const verifyJwt = createJwtVerifier({
    issuers: trusted,
    clock,
    maxBytes: settings.maxTokenBytes,
    verifiedTokens: verifiedTokens === false ? undefined : new VerifiedTokens(verifiedTokens, clock),
  })
  const readings = new Map(
    trusted.map(({ issuer, tokens, dialect }): [string, Reading] => [
      issuer,
      { tokens, dialect, acceptsMachines, maxActorDepth, subject, assertionIssuers },
    ]),
  )
  const checkRevocation = createRevocationCheck(settings)
  const checkPossession = createPossessionCheck(options.dpop, clock)
  /** A guard gives the same ones with every request. */
  const usableRoutes = new WeakSet<RouteOptions>()

  function examine(token: string, call: VerifyOptions): Examined | Promise<Examined> {
    if (!token) return new TokenError('token_missing')
    const verified = verifyJwt(token)
    return verified instanceof Promise
      ? verified.then((outcome) => judge(token, outcome, call))
      : judge(token, verified, call)
  }

  function judge(
    token: string,
    verified: Result<VerifiedJwt, JwtFault>,
    { requiredScopes, dpop }: VerifyOptions,
  ): Examined | Promise<Examined> {
    if (!verified.ok) return jwtError(verified.fault)
    const { claims, issuer } = verified.value
    const reading = readings.get(issuer)
    if (reading === undefined) return new TokenError('token_invalid', { detail: 'issuer untrusted' })
    const nowSeconds = clock.now() / 1000
    const unpossessed = checkPossession({ token, cnf: claims['cnf'], nowSeconds }, dpop)
    const admitted = (): Examined | Promise<Examined> => {
      const examined = admit(token, verified.value, reading, nowSeconds, requiredScopes)
      // Last, so that nothing that is refused anyway asks a store.
      return checkRevocation === undefined || examined instanceof TokenError
        ? examined
        : checkRevocation(examined)
    }
    return unpossessed instanceof Promise
      ? unpossessed.then((refusal) => refusal ?? admitted())
      : (unpossessed ?? admitted())
  }

  function admit(
    token: string,
    { claims, expiresAt, issuer }: VerifiedJwt,
    reading: Reading,
    nowSeconds: number,
    requiredScopes: readonly string[] | undefined,
  ): Examined {
    const { tokens, dialect } = reading
    const scopes =
      tokens === 'user' && dialect !== undefined ? readUserScopes(claims, dialect) : readScopes(claims)
    if (!scopes.ok) return tokenErrorFrom(scopes.fault)
    const read = readAccess({ token, claims, issuer, expiresAt, scopes: scopes.value }, reading, nowSeconds)
    if (!read.ok) return tokenErrorFrom(read.fault)
    const access = read.value
    if (!isActorAllowed(access, options)) return new TokenError('actor_not_allowed')
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
      const call = verifyOptions ?? {}
      const examined =
        telemetry === undefined
          ? examine(token, call)
          : asOperation(telemetry, tokenVerification, () => examine(token, call))
      const outcome = examined instanceof Promise ? await examined : examined
      if (outcome instanceof TokenError) throw outcome
      return outcome
    },
    async authorize(request, route) {
      if (route !== undefined && !usableRoutes.has(route)) {
        assertOptions('authorize', route, callRules)
        usableRoutes.add(route)
      }
      const { requiredScopes = [] } = route ?? {}
      const examination = {
        examine,
        requiredScopes: [...new Set([...alwaysRequired, ...requiredScopes])],
        options,
      }
      return asOperation(telemetry, requestVerification, () => authorizeRequest(request, examination))
    },
    async loadKeys(loadOptions = {}) {
      assertOptions('loadKeys', loadOptions, loadRules)
      const { mayFail = false } = loadOptions
      const issuers = await Promise.all(
        trusted.map(async ({ issuer, keys }) => ({ issuer, ...(await keys.load()) })),
      )
      const missing = issuers.find(({ ready }) => !ready)
      if (missing !== undefined && !mayFail) {
        const { issuer, fault = 'it publishes none that can be used' } = missing
        throw keysUnavailable(`those of ${issuer}: ${fault}`, missing)
      }
      return summarise(issuers)
    },
    keyStatus: () => summarise(trusted.map(({ issuer, keys }) => ({ issuer, ...keys.status() }))),
  }
}

function summarise(issuers: readonly IssuerKeyStatus[]): KeyStatus {
  const ages = issuers.flatMap(({ ageMs }) => ageMs ?? [])
  const { fault, code, permanent } = issuers.find((status) => status.fault !== undefined) ?? {}
  return {
    ready: issuers.every(({ ready }) => ready),
    ...(ages.length === 0 ? {} : { ageMs: Math.max(...ages) }),
    ...(fault === undefined ? {} : { fault }),
    ...(code === undefined ? {} : { code }),
    ...(permanent === undefined ? {} : { permanent }),
    issuers,
  }
}

/** The client that calls, whether for a user or for itself; its authorization server vouches for it. */
function isActorAllowed(
  access: Access,
  { allowedActors, allowedActorProfiles, refusedActorProfiles = [] }: VerifierOptions,
): boolean {
  if (!('actor' in access)) return allowedActors?.includes(access.client) !== false
  const { sub, sub_profile: profile } = access.actor
  if (allowedActors?.includes(sub) === false) return false
  if (profile === undefined) return allowedActorProfiles === undefined
  return allowedActorProfiles?.includes(profile) !== false && !refusedActorProfiles.includes(profile)
}

function includesAll(granted: readonly string[], required: readonly string[] = []): boolean {
  return required.every((scope) => granted.includes(scope))
}
