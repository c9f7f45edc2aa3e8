export type {
  Exchange,
  ExchangedApiCall,
  ExchangedHookCall,
  ExchangeNote,
  ExchangeOutcome,
  ExchangeStep,
} from './exchanges/exchange.ts'
export type { ExchangeKey } from './exchanges/exchange-log.ts'
export type { ExchangeWish } from './exchanges/exchange-wish.ts'
export {
  type HookNotes,
  hookNotes,
  type ReportedDecision,
  type ReportedStep,
} from './exchanges/hook-notes.ts'
export type { PolicyInForce, ShownPolicy } from './exchanges/policy-in-force.ts'
export type { ReadableToken } from './exchanges/readable-token.ts'
export { type Fault, type FaultDescription, faultCatalogue } from './faults/fault.ts'
export type { ActiveFault } from './faults/faults.ts'
export { parseFault } from './faults/parse-fault.ts'
export type { HookOutcome, ServedRequest, TokenRequestNote } from './http/served-request.ts'
export { type DefaultOrg, defaultApiToken, defaultOrg } from './options/default-org.ts'
export { parseFacts, type ReadFacts } from './options/parse-facts.ts'
export { parseSeed } from './options/parse-seed.ts'
export { parseState } from './options/parse-state.ts'
export type { SandboxHook, SandboxRule, SandboxServer } from './options/sandbox-description.ts'
export type {
  AppOptions,
  AuthorizationServerOptions,
  ClaimOptions,
  ConfidentialAuth,
  GroupOptions,
  HookKeyOptions,
  HookOptions,
  InlineHookOptions,
  PolicyOptions,
  RateLimits,
  RuleOptions,
  SandboxOptions,
  TlsOptions,
  UserOptions,
} from './options/sandbox-options.ts'
export type { Seed } from './options/seed.ts'
export type { PolicyClients } from './org/access-policy.ts'
export type { AppAuth, AppType, PublicJwk } from './org/app.ts'
export type { ResourceParameters } from './org/authorization-server.ts'
export type { Clock } from './org/clock.ts'
export type { HookAuth, OAuthHookAuth } from './org/inline-hook.ts'
export type { Json, JsonObject } from './org/json.ts'
export { type FactId, type OktaFacts, playedOutcomes } from './org/okta-facts.ts'
export type { OrgState } from './org/org-state.ts'
export type { PrivateJwk } from './org/signing-key.ts'
export type { LogEvent, LogParty, LogRequest } from './org/system-log.ts'
export { createSandbox, type Sandbox } from './sandbox.ts'
export { type CertificateAuthority, createCertificateAuthority } from './tls/authority.ts'
export type { UserTokenOptions } from './user-token.ts'
