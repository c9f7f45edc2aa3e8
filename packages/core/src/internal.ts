/**
 * What the packages of Behalf share and nobody else is promised: it may change with any version.
 *
 * @module
 */
export { extendActorChain, listAgents, parseActor } from './delegation/actor.ts'
export { parseDecision, withoutDecision, writeDecision } from './delegation/decision-reference.ts'
export { defaultMaxActorDepth, parseDelegatedToken } from './delegation/delegated-token.ts'
export { type SealedPayload, sealedAssertion } from './delegation/sealed-assertion.ts'
export { mapSubject } from './delegation/subject-mapping.ts'
export { whyNotUserToken } from './delegation/user-token.ts'
export { brand } from './errors/brand.ts'
export { callOut } from './errors/call-out.ts'
export { deny } from './errors/denial.ts'
export { sentences } from './errors/sentences.ts'
export { type PresentedToken, readAuthorizationHeader } from './http/authorization-header.ts'
export {
  type FetchFault,
  fetchJson,
  readText,
  runtimeFetch,
} from './http/fetch-json.ts'
export { fromFetchRequest } from './http/fetch-request.ts'
export { describeNetworkFault, type NetworkFault } from './http/network-fault.ts'
export { fromNodeRequest, type NodeRequest } from './http/node-request.ts'
export type { PresentedRequest } from './http/presented-request.ts'
export {
  type InsecureHosts,
  isHostName,
  isLoopback,
  isTrustworthyUrl,
  whyUntrustworthy,
} from './http/trustworthy-url.ts'
export { type Dialect, firstClaim } from './issuer/dialect.ts'
export { dialects, isDialectName } from './issuer/dialects/index.ts'
export { findDialectFaults, resolveDialect } from './issuer/dialects/own-dialect.ts'
export { discoverEndpoint } from './issuer/discovery.ts'
export { isJsonObject } from './json/json.ts'
export { isNumericDate } from './json/numeric-date.ts'
export { parseStrictJson } from './json/strict-parse.ts'
export { importVerificationKey, isKeyId } from './jwks/jwk.ts'
export { KeyCache, observeKeys } from './jwks/key-cache.ts'
export { resolveKeyLimits } from './jwks/key-limits.ts'
export { hasPrivateMember } from './jwks/private-members.ts'
export { findSealingKey, readSealingKey, type SealingKey } from './jwks/sealing-key.ts'
export { jwkThumbprint } from './jwks/thumbprint.ts'
export { algorithms, isSignatureAlgorithm } from './jws/algorithms.ts'
export { parseCompactJws } from './jws/compact.ts'
export { decodeCanonical, decodeJsonBytes, decodeJsonPart } from './jws/json-part.ts'
export { isSignatureValid } from './jws/signature.ts'
export { VerifiedTokens } from './jwt/verified-tokens.ts'
export {
  createJwtVerifier,
  defaultClockToleranceSeconds,
  type JwtFault,
  type JwtFaultCode,
  type JwtVerifier,
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
  aTelemetry,
  aUrl,
  aWholeNumber,
  hostNames,
  longestTimeoutMs,
  names,
  oneOf,
  orFalse,
  readInsecureHosts,
} from './options/option-rules.ts'
export { readSecretKey, secretKeys } from './options/secret-key.ts'
export { fail, pass } from './result.ts'
export { aRevocationStore, revocationRules } from './revocation/revocation-rules.ts'
export { type FirstToken, Revocations, type Standing } from './revocation/revocations.ts'
export { userKey } from './revocation/user-key.ts'
export { combineNeeds, parseNeeds, readNeeds, writeNeeds } from './step-up/needs.ts'
export { asOperation, type OperationOf } from './telemetry/as-operation.ts'
export { harmless } from './telemetry/harmless.ts'
export { keyFetch } from './telemetry/key-fetch.ts'
export {
  type AttributeRow,
  attributes,
  type OperationName,
  type OperationRow,
  operations,
  type QuantityName,
  type QuantityRow,
  quantities,
} from './telemetry/signals.ts'
export type { Ending, Observation, Operation } from './telemetry/telemetry.ts'
export { lookOf } from './text/look-alike.ts'
export { isPartyName } from './text/party-name.ts'
export { isScopeToken } from './text/scope-token.ts'
export { escapeUnprintable, hasUnprintable } from './text/unprintable.ts'
export { isRecent } from './time/clock.ts'
export { inTime, late, pause, unlessAborted, waitFor } from './time/in-time.ts'
export { KeptFresh } from './time/kept-fresh.ts'
export { Places } from './time/places.ts'
export { lost, SharedWork } from './time/shared-work.ts'
export { TurnEnd } from './time/turn-end.ts'
export { version } from './version.ts'
