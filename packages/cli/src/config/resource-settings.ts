import { UsageError } from '../terminal/command.ts'

/** The audience of the server that issues delegated tokens, unless another is configured: no API accepts it (RFC 6761). */
export const defaultPlaceholder = 'https://undelegated.invalid'

/** What the hook knows about the API that delegated tokens are for. */
export interface ResourceSettings {
  /** Its audience. */
  readonly resource: string
  /** Whether its verifier enforces the end of the user's own token. */
  readonly verifier: 'any' | 'behalf'
  /** The audience of the server that issues delegated tokens. */
  readonly placeholder: string
}

/**
 * Reads them as the hook does that its environment configures; an option names the resource of another.
 *
 * @returns undefined when no resource is known
 */
export function readResourceSettings(
  option: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): ResourceSettings | undefined {
  const { RESOURCE, RESOURCE_VERIFIER: verifier = 'any', PLACEHOLDER } = env
  const resource = option ?? RESOURCE?.trim()
  if (!resource) return undefined
  if (verifier !== 'any' && verifier !== 'behalf')
    throw new UsageError("RESOURCE_VERIFIER must be 'any' or 'behalf'")
  return { resource, verifier, placeholder: PLACEHOLDER?.trim() || defaultPlaceholder }
}
