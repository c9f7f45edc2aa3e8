export type {
  Actor,
  AssertionClaims,
  BehalfErrorOptions,
  Clock,
  DialectName,
  DocumentFetch,
  DocumentRequest,
  DocumentResponse,
  ErrorClass,
  ErrorCode,
  Fetch,
  Json,
  JsonObject,
  KeyCacheStatus,
  KeyedTexts,
  KeyvRevocationsOptions,
  MemoryRevocationsOptions,
  OwnDialect,
  RevocationOptions,
  RevocationStore,
  SignatureAlgorithm,
  SubjectMapping,
  Telemetry,
  User,
  VerifiedTokensLimits,
} from '@behalf/core'
export { BehalfError, keyvRevocations, memoryRevocations } from '@behalf/core'
export type {
  Access,
  ActingForUser,
  DelegatedAccess,
  MachineAccess,
  OktaDelegatedAccess,
  OktaDelegatedKind,
  UserAccess,
  VerifiedAccess,
} from './access/access.ts'
export type { AssertionIssuer } from './access/assertion-issuers.ts'
export type { AccessByKind, IssuedKind, TokenKind } from './access/token-kind.ts'
export type { NonceOptions } from './dpop/nonces.ts'
export type { DpopOptions, PresentedProof, ReplayCacheOptions } from './dpop/possession.ts'
export type { ReplayStore } from './dpop/shared-replay-store.ts'
export type {
  AcceptanceOptions,
  KeyLimits,
  OneIssuer,
  RouteOptions,
  SeveralIssuers,
  VerifierIssuer,
  VerifierOptions,
} from './options/verifier-options.ts'
export type { ApiRequest, Authorization, Refusal } from './request/authorize-request.ts'
export {
  type ChallengeError,
  TokenError,
  type TokenErrorCode,
  type TokenErrorOptions,
} from './token-error.ts'
export {
  createVerifier,
  type IssuerKeyStatus,
  type KeyStatus,
  type Verifier,
  type VerifyOptions,
} from './verifier.ts'
