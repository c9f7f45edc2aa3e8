import type { Client } from '../../client.ts'
import { ExchangeError } from '../../exchange-error.ts'
import {
  type CallerDelegation,
  type CallerWish,
  delegateToken,
  readWish,
} from '../caller/caller-delegation.ts'
import { answerExchange } from '../caller/error-answer.ts'
import { calledTools, type McpCaller, type McpContext, tokenOf } from './caller.ts'
import { challengeFor, isMendedByAnotherToken, type McpChallenge } from './mcp-challenge.ts'
import { assertMcpOptions, type McpOptions } from './mcp-options.ts'
import { ToolError } from './tool-error.ts'

export type { CallerDelegation, CallerWish } from '../caller/caller-delegation.ts'
export type { McpCaller, McpContext } from './caller.ts'
export type { McpChallenge } from './mcp-challenge.ts'
export type { McpOptions } from './mcp-options.ts'
export { ToolError } from './tool-error.ts'

/** A {@link Client} for the tools of an MCP server. */
export interface McpDelegation {
  /**
   * Acts for the user whose token `requireBearerAuth` has had verified. Nothing is thrown here; `fetch` and
   * `acquireToken` reject with a {@link ToolError}, which the SDK answers as the tool's result, when no delegated token
   * could be had.
   *
   * @param context - what the handler was given last
   * @param wish - the scopes, or `{ scopes, resource }`
   */
  onBehalfOf(context: McpContext, wish: CallerWish): CallerDelegation
  /**
   * Says whether a message calls a tool of `tools` for which the user's token is not enough: 403 with the scopes that
   * it lacks, 401 where the user must sign in again, or in another way, or the token is no good any more. To find out, it obtains
   * the delegated token, which the tool then gets from the cache. Ask it between `requireBearerAuth` and the SDK, because
   * a tool's own result is no place for a challenge.
   *
   * It reports no other fault: the tool meets the same one, and asks once more.
   *
   * @param caller - what `requireBearerAuth` has made of the token: `request.auth`
   * @param message - the body, parsed
   * @returns undefined when the message may go on to the SDK
   * @see https://www.rfc-editor.org/rfc/rfc9470#section-3
   */
  challenge(caller: McpCaller | undefined, message: unknown): Promise<McpChallenge | undefined>
}

/**
 * Puts a client behind the tools of an MCP server, with both generations of the SDK. The server's own token goes to nobody
 * else: API B gets a token of its own, for the same user, in which the server is the actor.
 *
 * @example
 * ```ts
 * import { clientSecretBasic, createClient } from '@behalf/client'
 * import { forMcp, type McpContext } from '@behalf/client/mcp'
 *
 * const tools = { list_orders: { scopes: ['orders:read'] } }
 * const { onBehalfOf, challenge } = forMcp(
 *   createClient({
 *     issuer: 'https://example.okta.com/oauth2/behalf',
 *     clientId: '0oaMcpServer',
 *     auth: clientSecretBasic(process.env['CLIENT_SECRET']),
 *     resource: 'https://orders.example',
 *     expectedAudience: 'https://mcp.example/mcp',
 *     allowedOrigins: ['https://b.example'],
 *   }),
 *   { tools, resourceMetadata: 'https://mcp.example/.well-known/oauth-protected-resource/mcp' },
 * )
 *
 * // server.registerTool('list_orders', {}, listOrders)
 * export async function listOrders(context: McpContext) {
 *   const answer = await onBehalfOf(context, tools.list_orders).fetch('https://b.example/orders')
 *   return { content: [{ type: 'text' as const, text: await answer.text() }] }
 * }
 * ```
 *
 * @throws TypeError - when options are unknown or unusable; it names all of them
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization
 */
export function forMcp(client: Client, options: McpOptions = {}): McpDelegation {
  assertMcpOptions(options)
  const { tools = {} } = options
  const asToolError = (error: unknown): never => {
    if (!(error instanceof ExchangeError)) throw error
    answerExchange(error, options)
    throw new ToolError(error)
  }
  return {
    onBehalfOf(context, wish) {
      const identify = async (): Promise<string> => {
        const token = tokenOf(context)
        if (token === '') throw new ExchangeError('token_missing')
        return token
      }
      const { fetch, acquireToken } = delegateToken(client, identify, wish)
      return {
        fetch: (input, init) => fetch(input, init).catch(asToolError),
        acquireToken: () => acquireToken().catch(asToolError),
      }
    },
    async challenge(caller, message) {
      if (caller === undefined) return undefined
      for (const name of calledTools(message)) {
        const wish = Object.hasOwn(tools, name) ? tools[name] : undefined
        if (wish === undefined) continue
        const { answerTimeoutMs: _, ...wanted } = readWish(wish)
        try {
          await client.acquireToken({ ...wanted, assertion: caller.token })
        } catch (error) {
          if (isMendedByAnotherToken(error)) return challengeFor(error, caller, options)
        }
      }
      return undefined
    },
  }
}
