export type { Access, DelegatedAccess, MachineAccess } from './access.ts'
export type { ApiRequest, Authorization, Refusal } from './authorize-request.ts'
export type { DpopOptions, PresentedProof } from './dpop/possession.ts'
export type { AccessByMode, AccessMode } from './mode.ts'
export {
  type ChallengeError,
  TokenError,
  type TokenErrorCode,
  type TokenErrorOptions,
} from './token-error.ts'
export { createVerifier, type Verifier, type VerifyOptions } from './verifier.ts'
export type { KeyLimits, RouteOptions, VerifierOptions } from './verifier-options.ts'
