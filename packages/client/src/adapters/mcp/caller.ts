import { isObject } from '@behalf/core/internal'

/** What is read of the SDK's `AuthInfo`: the token that `requireBearerAuth` has had verified. */
export interface McpCaller {
  readonly token: string
  /** The scopes of the token: challenges name them with those that it lacks. */
  readonly scopes?: readonly string[]
}

/** What a tool's handler is given last: `ctx` of the SDK's second generation, `extra` of its first. */
export interface McpContext {
  readonly http?: { readonly authInfo?: McpCaller | undefined } | undefined
  readonly authInfo?: McpCaller | undefined
}

/** Returns the user's token; empty where nothing verified a caller, as over stdio. */
export function tokenOf({ http, authInfo = http?.authInfo }: McpContext): string {
  return authInfo?.token ?? ''
}

/** Returns the tools that a message calls, each once; a batch of the protocol before 2025-06-18 may call several. */
export function calledTools(message: unknown): ReadonlySet<string> {
  const names = [message].flat().map(calledTool)
  return new Set(names.filter((name) => name !== undefined))
}

function calledTool(message: unknown): string | undefined {
  if (!isObject(message) || !('method' in message) || message.method !== 'tools/call') return undefined
  if (!('params' in message) || !isObject(message.params) || !('name' in message.params)) return undefined
  const { name } = message.params
  return typeof name === 'string' ? name : undefined
}
