import { aFunction, isObject, type OptionRules } from '@behalf/core/internal'
import type { Access, ActingForUser, UserAccess } from '../../access/access.ts'
import { TokenError } from '../../token-error.ts'
import type { Verifier } from '../../verifier.ts'
import { assertGuard } from '../door.ts'
import { type McpAuthInfo, toAuthInfo } from './auth-info.ts'
import { type McpErrorClasses, toOAuthError } from './oauth-error.ts'

/** How an MCP server's verifier speaks with the SDK. */
export interface McpTokenVerifierOptions {
  /**
   * `@modelcontextprotocol/sdk/server/auth/errors.js`, for that package alone, which is the SDK's first generation: it
   * knows refusals by these classes and answers all others with 500. Default: as the packages of the second generation
   * know them, such as `@modelcontextprotocol/server` and `@modelcontextprotocol/express`.
   */
  readonly errors?: McpErrorClasses
  /** Is told of every token that is refused and why, for the server's log: the SDK keeps it to itself. Default: nobody. */
  readonly onRefusal?: (error: TokenError) => void
}

/** What the SDK's `requireBearerAuth` takes as `verifier`. */
export interface McpTokenVerifier {
  /**
   * Verifies a token.
   *
   * @throws what the SDK answers with 401, 403 or 400; a TokenError, which it answers with 500, when the keys are out of
   * reach
   */
  verifyAccessToken(token: string): Promise<McpAuthInfo>
}

const classNames = ['InvalidTokenError', 'InsufficientScopeError', 'AccessDeniedError'] as const

const rules: OptionRules<keyof McpTokenVerifierOptions> = {
  errors: {
    expected: `the module @modelcontextprotocol/sdk/server/auth/errors.js, with ${classNames.join(', ')}`,
    holds: (value) =>
      isObject(value) && classNames.every((name) => typeof Reflect.get(value, name) === 'function'),
  },
  onRefusal: aFunction,
}

/**
 * Makes a verifier the `verifier` of the MCP SDK's `requireBearerAuth`, in both generations of the SDK. The token must
 * have been issued for the MCP server: say which audience it has with the verifier's `audience`. Scopes that every
 * call needs belong to `requireBearerAuth`, whose challenge names them; scopes of one tool to the tool.
 *
 * It does not look at where the token came from: `requireBearerAuth` reads the header `Authorization` and nothing else.
 *
 * @example
 * ```ts
 * import { createVerifier } from '@behalf/verify'
 * import { mcpTokenVerifier } from '@behalf/verify/mcp'
 *
 * const verifier = mcpTokenVerifier(
 *   createVerifier({
 *     issuer: 'https://example.okta.com/oauth2/users',
 *     audience: 'https://mcp.example/mcp',
 *     accept: ['user'],
 *   }),
 *   { onRefusal: ({ message }) => console.warn(message) },
 * )
 * // app.use('/mcp', requireBearerAuth({ verifier, resourceMetadataUrl }))
 * const { clientId, extra } = await verifier.verifyAccessToken('eyJhbGciOi…')
 * ```
 *
 * @param verifier - one that accepts `user`, or `delegated` where other servers call for their users
 * @throws TypeError - when it is no verifier, or options are unknown or unusable
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization
 */
export function mcpTokenVerifier(
  verifier: Verifier<UserAccess | (ActingForUser & Access)>,
  options: McpTokenVerifierOptions = {},
): McpTokenVerifier {
  assertGuard('mcpTokenVerifier', verifier, options, rules)
  const { errors, onRefusal } = options
  return {
    async verifyAccessToken(token) {
      try {
        return toAuthInfo(await verifier.verify(token))
      } catch (error) {
        if (error instanceof TokenError) onRefusal?.(error)
        throw toOAuthError(error, errors)
      }
    },
  }
}
