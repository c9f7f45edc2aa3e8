import { createServer } from 'node:http'
import { CommandError } from '../terminal/command.ts'

/** Where a browser ends after its person has signed in. */
export interface SignInListener {
  /** What the app is registered with. */
  readonly redirectUri: string
  /** The callback that comes with this `state`. Every other is answered and forgotten. */
  await(state: string): Promise<URLSearchParams>
  stop(): Promise<void>
}

const page =
  '<!doctype html><title>behalf probe</title><p>You are signed in. The probe goes on; close this page.'

/** Listens on loopback, as an app on a device does. @see RFC 8252 §7.3 */
export async function listenForSignIn(): Promise<SignInListener> {
  const waiting = new Map<string, (callback: URLSearchParams) => void>()
  const server = createServer((request, response) => {
    const callback = URL.parse(request.url ?? '/', 'http://127.0.0.1')?.searchParams ?? new URLSearchParams()
    waiting.get(callback.get('state') ?? '')?.(callback)
    response.writeHead(200, { 'content-type': 'text/html' }).end(page)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string')
    throw new CommandError('nobody can be signed in: no port')
  return {
    redirectUri: `http://127.0.0.1:${address.port}/behalf-probe`,
    await: (state) => new Promise((resolve) => waiting.set(state, resolve)),
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}
