export {
  type KeyedTexts,
  type KeyvRevocationsOptions,
  keyvRevocations,
  type MemoryRevocationsOptions,
  memoryRevocations,
  type RevocationStore,
} from '@behalf/core'
export {
  type BearerConfig,
  dangerouslyAcceptAnyCaller,
  type OAuthAuthentication,
  type SecretAuthentication,
} from './config/authenticate.ts'
export type { ClaimsConfig } from './config/claims.ts'
export type { ClientConfig } from './config/clients.ts'
export { type BehalfConfig, defineConfig } from './config/config.ts'
export { configFromEnvironment } from './config/from-environment.ts'
export type { HookVariables } from './config/hook-variables.ts'
export type { IntrospectionConfig } from './config/introspection.ts'
export type { IssuerConfig } from './config/issuers.ts'
export type { KeysConfig } from './config/keys.ts'
export type { LimitsConfig } from './config/limits.ts'
export type { ResolvedConfig } from './config/resolved-config.ts'
export type { Revision } from './config/revision.ts'
export type { RevocationConfig } from './config/revocation.ts'
export type { EnvironmentParts } from './config/sealing-variables.ts'
export type { VerifiedTokensConfig } from './config/verified-tokens.ts'
export type { DecisionRecord, DecisionSink } from './decision/decision-record.ts'
export type { StepReport, StepSink } from './decision/step-report.ts'
export { ConfigError, type ConfigFault } from './errors/config-error.ts'
export { describeError, type InternalErrorReport } from './errors/internal-error.ts'
export { createHook, type Hook, type HookRequest } from './hook.ts'
export type { HookEnvironment } from './hook-environment.ts'
export type { HookAnswer } from './okta/answer.ts'
export type { AccessPatchCommand, PatchOperation } from './okta/command.ts'
export { type Rehearsal, type RehearsalOptions, rehearse } from './pipeline/rehearse.ts'
export { allOf } from './policy/all-of.ts'
export { type AskOptions, askPolicy, type PolicyAnswer } from './policy/ask.ts'
export type { Forbid, Permit, PolicyDecision, PolicyFunction } from './policy/decision.ts'
export {
  type DecisionPoint,
  isPolicy,
  type Policy,
  type PolicyReload,
  type PolicyRule,
} from './policy/decision-point.ts'
export type { Delegation } from './policy/delegation.ts'
export { PolicyUnavailable } from './policy/policy-unavailable.ts'
export { requireClaims } from './policy/required-claims.ts'
export type { Sealing, SealingSurroundings, Seals } from './sealing/sealing.ts'
export { whySecretUnusable } from './secrets/secret.ts'
export { secretFile } from './secrets/secret-file.ts'
export type { SecretSource } from './secrets/secret-source.ts'
export type { IssuerStatus, SecretsStatus } from './sources.ts'
