import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A call that the hook server received. */
export interface HookCall {
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly rawHeaders: readonly string[]
  readonly body: Readonly<Record<string, unknown>>
}

/** A hook that answers as a test wants. */
export interface HookServer extends AsyncDisposable {
  readonly uri: string
  readonly calls: HookCall[]
}

/** Serves every request with `answer`, which may never answer. */
export async function listenAsHook(answer: (response: ServerResponse) => void): Promise<HookServer> {
  const calls: HookCall[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    const { url = '', headers, rawHeaders } = request
    calls.push({ url, headers, rawHeaders, body: Object(JSON.parse(body)) })
    answer(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // Listening on TCP, so the address is not a path.
  const { port } = server.address() as AddressInfo
  return {
    uri: `http://127.0.0.1:${port}/inline-hook`,
    calls,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Answers 200 with a JSON document. */
export const json =
  (document: unknown) =>
  (response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(document))
  }

/** Answers with access-token patch operations. */
export const patches = (...operations: unknown[]): ((response: ServerResponse) => void) =>
  json({ commands: [{ type: 'com.okta.access.patch', value: operations }] })
