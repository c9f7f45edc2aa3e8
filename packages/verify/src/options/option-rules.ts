import type { VerifiedTokensLimits } from '@behalf/core'
import {
  aBoolean,
  aClock,
  aFunction,
  aListOf,
  aName,
  aNameOrNames,
  anObject,
  anObjectWithMethods,
  aPlainUrl,
  aTelemetry,
  aUrl,
  aWholeNumber,
  dialects,
  findDialectFaults,
  findOptionFaults,
  hostNames,
  type InsecureHosts,
  isObject,
  isScopeToken,
  isSignatureAlgorithm,
  longestTimeoutMs,
  names,
  type OptionRule,
  type OptionRules,
  oneOf,
  orFalse,
  revocationRules,
  secretKeys,
} from '@behalf/core/internal'
import type { AssertionIssuer } from '../access/assertion-issuers.ts'
import { tokenKinds } from '../access/token-kind.ts'
import type { NonceOptions } from '../dpop/nonces.ts'
import type { DpopOptions, ReplayCacheOptions } from '../dpop/possession.ts'
import type { KeyLimits, RouteOptions, VerifierIssuer, VerifierOptions } from './verifier-options.ts'

const keyRules: OptionRules<keyof KeyLimits> = {
  maxAgeMs: aWholeNumber(1),
  refreshAfterMs: aWholeNumber(0),
  staleForMs: aWholeNumber(0),
  unknownKeyCooldownMs: aWholeNumber(0),
  retryAfterMs: aWholeNumber(0),
  waitMs: aWholeNumber(1, longestTimeoutMs),
  fetchTimeoutMs: aWholeNumber(1, longestTimeoutMs),
  maxBytes: aWholeNumber(1),
}

const verifiedTokensRules: OptionRules<keyof VerifiedTokensLimits> = {
  maxEntries: aWholeNumber(2),
  maxBytes: aWholeNumber(1),
}

const replayCacheRules: OptionRules<keyof ReplayCacheOptions> = {
  maxEntries: aWholeNumber(1),
  store: anObjectWithMethods('a store', 'remember'),
  storeTimeoutMs: aWholeNumber(1, 10_000),
}
const nonceRules: OptionRules<keyof NonceOptions> = {
  keys: { ...secretKeys, required: true },
  lifetimeSeconds: aWholeNumber(10, 3_600),
}
const dpopRules = (insecureHosts: InsecureHosts): OptionRules<keyof DpopOptions> => ({
  baseUrl: { ...aPlainUrl(insecureHosts), required: true },
  required: aBoolean,
  proofWindowSeconds: aWholeNumber(1, 300),
  replayCache: anObject(replayCacheRules),
  nonces: anObject(nonceRules),
})

/** What {@link RouteOptions} must be. */
export const routeRules: OptionRules<keyof RouteOptions> = {
  requiredScopes: aListOf('scopes', isScopeToken),
}

export const aDialect: OptionRule = {
  expected: `one of ${Object.keys(dialects).join(', ')}, or an object with userClaims`,
  holds: (value) => findDialectFaults(value).length === 0,
}
const signatureAlgorithms = aListOf('asymmetric algorithms such as RS256', isSignatureAlgorithm)
const issuedKinds = tokenKinds.filter((kind) => kind !== 'machine')
export const issuerRules = (insecureHosts: InsecureHosts): OptionRules<keyof VerifierIssuer> => ({
  issuer: { ...aPlainUrl(insecureHosts), required: true },
  tokens: oneOf(...issuedKinds),
  audience: aNameOrNames,
  dialect: aDialect,
  org: aName,
  jwksUri: aUrl(insecureHosts),
  algorithms: signatureAlgorithms,
})
const aSubjectMapping: OptionRule = {
  expected: 'a function, or an object with a prefix alone',
  holds: (value) =>
    typeof value === 'function' ||
    (isObject(value) && findOptionFaults(value, { prefix: { ...aName, required: true } }).length === 0),
}
export const assertionIssuerRules: OptionRules<keyof AssertionIssuer> = {
  subject: aSubjectMapping,
  org: aName,
  dialect: aDialect,
}

/** What {@link VerifierOptions} must be. */
export const verifierRules = (insecureHosts: InsecureHosts): OptionRules<keyof VerifierOptions> => ({
  ...routeRules,
  issuer: aPlainUrl(insecureHosts),
  issuers: aListOf('issuers', isObject),
  audience: aNameOrNames,
  dialect: aDialect,
  org: aName,
  jwksUri: aUrl(insecureHosts),
  insecureHosts: hostNames,
  algorithms: signatureAlgorithms,
  accept: aListOf(`kinds of tokens: ${tokenKinds.join(', ')}`, (kind) =>
    tokenKinds.some((known) => known === kind),
  ),
  allowedActors: names,
  allowedActorProfiles: names,
  refusedActorProfiles: names,
  assertionIssuers: { expected: 'an object of issuers', holds: isObject },
  maxActorDepth: aWholeNumber(1),
  subject: oneOf('assertion', 'keep'),
  dpop: anObject(dpopRules(insecureHosts)),
  resourceMetadata: aPlainUrl(insecureHosts),
  onRefusal: aFunction,
  clockToleranceSeconds: aWholeNumber(0, 300),
  maxTokenBytes: aWholeNumber(1),
  keys: anObject(keyRules),
  revocation: anObject(revocationRules),
  verifiedTokens: orFalse(anObject(verifiedTokensRules)),
  fetch: aFunction,
  clock: aClock,
  telemetry: aTelemetry,
})
