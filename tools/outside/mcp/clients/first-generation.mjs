import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { untilAuthorized } from './provider.mjs'

/** The SDK's first generation, as an application uses it: connects, signs its user in when it is told to, and calls tools. */
export async function openClient(url, provider) {
  let transport
  let client
  const finish = () => transport.finishAuth(provider.takeCode())
  await untilAuthorized(
    async () => {
      transport = new StreamableHTTPClientTransport(new URL(url), {
        authProvider: provider,
        fetch: provider.fetch,
      })
      client = new Client({ name: 'assistant', version: '1.0.0' })
      await client.connect(transport)
    },
    finish,
    UnauthorizedError,
  )
  return {
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: (name) =>
      untilAuthorized(() => client.callTool({ name, arguments: {} }), finish, UnauthorizedError),
    close: () => client.close(),
  }
}
