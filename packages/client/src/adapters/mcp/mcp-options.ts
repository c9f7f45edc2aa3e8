import {
  aFunction,
  aPlainUrl,
  findOptionFaults,
  hostNames,
  isObject,
  type OptionRules,
  readInsecureHosts,
  refuseOptions,
} from '@behalf/core/internal'
import type { ExchangeError } from '../../exchange-error.ts'
import type { CallerWish } from '../caller/caller-delegation.ts'

/** What an MCP server tells, and whom. */
export interface McpOptions {
  /** By name of the tool: what it does at API B, for {@link McpDelegation.challenge}. Default: none is challenged. */
  readonly tools?: Readonly<Record<string, CallerWish>>
  /** The URL of the server's protected resource metadata (RFC 9728), named in challenges; needed with `tools`. */
  readonly resourceMetadata?: string
  /** Hosts beyond this machine whose URLs may be plain http. Default none. */
  readonly insecureHosts?: readonly string[]
  /**
   * Is told of every exchange that failed, for the server's log, and of the status that it would have over plain HTTP.
   * Default: a warning of the process for those of 500 and above, because the client is told little about them.
   */
  readonly onError?: (error: ExchangeError, status: number) => void
}

const isWish = (wish: unknown): boolean =>
  Array.isArray(wish) || (isObject(wish) && 'scopes' in wish && Array.isArray(wish.scopes))

const rules = (options: unknown): OptionRules<keyof McpOptions> => ({
  tools: {
    expected: 'an object of tools, each with its scopes, or { scopes, resource }',
    holds: (value) => isObject(value) && !Array.isArray(value) && Object.values(value).every(isWish),
  },
  resourceMetadata: aPlainUrl(readInsecureHosts(options)),
  insecureHosts: hostNames,
  onError: aFunction,
})

/**
 * Refuses options that are unknown or unusable, and tools whose challenges would not say where to go.
 *
 * @throws TypeError - it names all of them
 */
export function assertMcpOptions(options: McpOptions): void {
  const isAimless = Object.hasOwn(Object(options), 'tools') && !Object.hasOwn(options, 'resourceMetadata')
  refuseOptions('forMcp', [
    ...findOptionFaults(options, rules(options)),
    ...(isAimless ? ['resourceMetadata: missing; tools are challenged with it'] : []),
  ])
}
