import { TokenError } from '../../token-error.ts'

/** The error classes of the SDK's first generation, which it knows by their prototypes alone. */
export interface McpErrorClasses {
  readonly InvalidTokenError: new (message: string) => Error
  readonly InsufficientScopeError: new (message: string) => Error
  readonly AccessDeniedError: new (message: string) => Error
}

type OAuthCode = 'invalid_token' | 'insufficient_scope' | 'access_denied'

/** As little as a challenge of ours says. Nothing in them needs escaping: the first generation quotes them as they are. */
const sentences: Readonly<Record<OAuthCode, string>> = {
  invalid_token: 'The access token is not accepted',
  insufficient_scope: 'The access token has too few scopes',
  access_denied: 'The client may not call this server',
}

/** The class that stands for each code in the first generation. */
const classNames: Readonly<Record<OAuthCode, keyof McpErrorClasses>> = {
  invalid_token: 'InvalidTokenError',
  insufficient_scope: 'InsufficientScopeError',
  access_denied: 'AccessDeniedError',
}

/**
 * What the SDK's second generation takes for its own `OAuthError`: it goes by a mark that all copies of it share, because
 * its client and its server bring one each.
 */
class McpOAuthError extends Error {
  override readonly name = 'OAuthError'
  readonly code: OAuthCode
  /** Read by the SDK, which answers it as `error_uri`. */
  readonly errorUri = undefined

  constructor(code: OAuthCode) {
    super(sentences[code])
    this.code = code
    Object.defineProperty(this, Symbol.for('mcp.sdk.errorBrands'), { value: new Set(['mcp.OAuthError']) })
  }

  /** Returns the body of the SDK's answer. */
  toResponseObject(): { readonly error: string; readonly error_description: string } {
    return { error: this.code, error_description: this.message }
  }
}

/**
 * Returns an error that the SDK answers as a verifier's refusal is to be answered: 401 or 403 with a challenge, or 400
 * where another token would not help. What is no refusal comes back as it is: the SDK answers it with 500.
 *
 * @param classes - those of the SDK's first generation, when it is that one
 */
export function toOAuthError(error: unknown, classes: McpErrorClasses | undefined): unknown {
  if (!(error instanceof TokenError) || error.status === 503) return error
  const code = codeOf(error)
  return classes === undefined ? new McpOAuthError(code) : new classes[classNames[code]](sentences[code])
}

function codeOf({ status, code }: TokenError): OAuthCode {
  if (status === 401) return 'invalid_token'
  return code === 'insufficient_scope' ? 'insufficient_scope' : 'access_denied'
}
