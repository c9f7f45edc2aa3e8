export type { McpAuthInfo } from './auth-info.ts'
export type { McpErrorClasses } from './oauth-error.ts'
export {
  type ProtectedResource,
  type ProtectedResourceMetadata,
  type ProtectedResourceOptions,
  protectedResource,
} from './protected-resource.ts'
export { type McpTokenVerifier, type McpTokenVerifierOptions, mcpTokenVerifier } from './token-verifier.ts'
