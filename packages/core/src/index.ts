export { type Actor, extendActorChain, listActors, parseActor } from './delegation/actor.ts'
export {
  type AssertionClaims,
  type DelegatedToken,
  type DelegatedTokenOptions,
  defaultMaxActorDepth,
  readDelegatedToken,
} from './delegation/delegated-token.ts'
export { isPartyName } from './delegation/subject.ts'
export { BehalfError, type BehalfErrorOptions } from './errors/behalf-error.ts'
export {
  type ErrorClass,
  type ErrorCode,
  type ErrorEntry,
  errorTable,
  isErrorCode,
  type Remedy,
} from './errors/codes.ts'
export { type Denial, deny, type Outcome, pass } from './errors/denial.ts'
export {
  type DocumentFetch,
  type DocumentRequest,
  type DocumentResponse,
  type Fetch,
  type FetchJsonOptions,
  type FetchJsonOutcome,
  fetchJson,
  readText,
  runtimeFetch,
} from './http/fetch-json.ts'
export { isLoopback, isTrustworthyUrl } from './http/trustworthy-url.ts'
export { type DiscoveryOutcome, discoverEndpoint } from './issuer/discovery.ts'
export { isJsonObject, type Json, type JsonObject } from './json/json.ts'
export { type JsonFault, type JsonOutcome, parseStrictJson } from './json/strict-parse.ts'
export { importVerificationKey, type VerificationKey } from './jwks/jwk.ts'
export { KeyCache, type KeyCacheOptions, type KeyCacheStatus, type KeyLookup } from './jwks/key-cache.ts'
export { algorithms, isSignatureAlgorithm, type SignatureAlgorithm } from './jws/algorithms.ts'
export { type CompactFault, type CompactJws, type CompactOutcome, parseCompactJws } from './jws/compact.ts'
export { isSignatureValid } from './jws/signature.ts'
export { isNumericDate } from './jwt/numeric-date.ts'
export {
  createJwtVerifier,
  defaultClockToleranceSeconds,
  type JwtFault,
  type JwtOutcome,
  type JwtVerifier,
  type JwtVerifierOptions,
  type KeySource,
  type TrustedIssuer,
  type VerifiedJwt,
} from './jwt/verify.ts'
export {
  assertOptions,
  findOptionFaults,
  isObject,
  type OptionRule,
  type OptionRules,
  refuseOptions,
} from './options/option-faults.ts'
export {
  aBoolean,
  aClock,
  aFunction,
  aListOf,
  aName,
  aNameOrNames,
  anObject,
  anObjectWithMethods,
  aPlainUrl,
  aUrl,
  aWholeNumber,
  longestTimeoutMs,
  names,
  oneOf,
} from './options/option-rules.ts'
export { type Clock, isRecent, systemClock } from './time/clock.ts'
export { WaitingRoom } from './time/waiting-room.ts'
