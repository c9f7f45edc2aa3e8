import { signIn } from '@behalf/sandbox/testing'
import { assistant, redirectUrl, type World } from './world.ts'

export interface ToolResult {
  readonly isError?: boolean
  readonly content: readonly { readonly text: string }[]
}
export interface McpClient {
  tools(): Promise<readonly string[]>
  call(name: string): Promise<ToolResult>
  close(): Promise<void>
}
export interface Provider {
  readonly sentTo: readonly URL[]
  tokens(): { readonly access_token: string }
}

/** The SDK's clients, newest first. */
export const generations = ['second', 'first'] as const

/** Modules of the SDK are not there when types are checked. */
const load = (path: string) => import(new URL(path, import.meta.url).href)

/** Connects as an application does, and signs its user in when the server wants that. */
export async function signedIn(
  generation: (typeof generations)[number],
  { mcpUrl, users: issuer }: Pick<World, 'mcpUrl' | 'users'>,
  login: string,
) {
  const { openClient } = await load(`clients/${generation}-generation.mjs`)
  const { Provider } = await load('clients/provider.mjs')
  const browse = (authorizationUrl: URL) => {
    const isStrong = authorizationUrl.searchParams.has('acr_values')
    return signIn({ authorizationUrl, login, amr: isStrong ? ['pwd', 'otp', 'mfa'] : ['pwd'] })
  }
  const provider: Provider = new Provider({ clientId: assistant, issuer, redirectUrl, browse })
  const client: McpClient = await openClient(mcpUrl, provider)
  return { client, provider }
}

/** Calls a tool without any client, so that the answer itself can be looked at. */
export const post = (url: string, token: string | undefined, name = 'list_orders'): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name } }),
  })
