export type {
  Actor,
  AssertionClaims,
  BehalfErrorOptions,
  Clock,
  DocumentFetch,
  ErrorClass,
  ErrorCode,
  Fetch,
  Json,
  JsonObject,
  KeyCacheStatus,
  SignatureAlgorithm,
} from '@behalf/core'
export { BehalfError } from '@behalf/core'
export type { Access, DelegatedAccess, MachineAccess } from './access/access.ts'
export type { AccessByMode, AccessMode } from './access/mode.ts'
export type { DpopOptions, PresentedProof } from './dpop/possession.ts'
export type { KeyLimits, RouteOptions, VerifierOptions } from './options.ts'
export type { ApiRequest, Authorization, Refusal } from './request/authorize-request.ts'
export {
  type ChallengeError,
  TokenError,
  type TokenErrorCode,
  type TokenErrorOptions,
} from './token-error.ts'
export { createVerifier, type Verifier, type VerifyOptions } from './verifier.ts'
