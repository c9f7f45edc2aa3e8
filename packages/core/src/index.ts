export { type Actor, listActors } from './delegation/actor.ts'
export type {
  AssertionClaims,
  DelegatedToken,
  DelegatedTokenOptions,
  User,
} from './delegation/delegated-token.ts'
export { readDelegatedToken } from './delegation/read-delegated-token.ts'
export type { SubjectMapping } from './delegation/subject-mapping.ts'
export { BehalfError, type BehalfErrorOptions } from './errors/behalf-error.ts'
export {
  type ErrorClass,
  type ErrorEntry,
  errorTable,
  isErrorCode,
  type Remedy,
} from './errors/codes.ts'
export type { Denial } from './errors/denial.ts'
export type { ErrorCode } from './errors/error-code.ts'
export type {
  AnyFetch,
  DocumentFetch,
  DocumentRequest,
  DocumentResponse,
  Fetch,
  FetchedResponse,
  SentRequest,
} from './http/fetch-json.ts'
export type { DialectName } from './issuer/dialects/index.ts'
export type { OwnDialect } from './issuer/dialects/own-dialect.ts'
export type { Json, JsonObject } from './json/json.ts'
export type { KeyCacheOptions, KeyCacheStatus } from './jwks/key-cache.ts'
export type { SignatureAlgorithm } from './jws/algorithms.ts'
export type { VerifiedTokensLimits } from './jwt/verified-tokens.ts'
export type { Result } from './result.ts'
export {
  type KeyedTexts,
  type KeyvRevocationsOptions,
  keyvRevocations,
} from './revocation/keyv-revocations.ts'
export { type MemoryRevocationsOptions, memoryRevocations } from './revocation/memory-revocations.ts'
export type { RevocationStore } from './revocation/revocation-store.ts'
export type { RevocationOptions } from './revocation/revocations.ts'
export type { Needs } from './step-up/needs.ts'
export type { Telemetry } from './telemetry/telemetry.ts'
export { type Clock, systemClock } from './time/clock.ts'
export type { Places } from './time/places.ts'
