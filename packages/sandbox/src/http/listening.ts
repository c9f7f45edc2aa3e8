import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Socket } from 'node:net'
import { networkInterfaces } from 'node:os'
import type { SandboxOptions } from '../options/sandbox-options.ts'
import { createCertificateAuthority } from '../tls/authority.ts'
import { HostCertificates } from '../tls/host-certificates.ts'
import { createOwnFetch } from './own-fetch.ts'
import { isOwnName } from './own-host.ts'
import { answerUnreadable } from './unreadable-request.ts'

/** A server that listens, and answers 503 until it is told what answers. */
export interface Listening {
  /** Where it is for everybody else, without a trailing slash. */
  readonly url: string
  /** The certificate to trust, as PEM; absent when it speaks plain http. */
  readonly caCertificate: string | undefined
  /** Reaches it by any URL of it, whatever DNS says. */
  readonly fetch: typeof fetch
  answer(listener: RequestListener): void
  /** Stops at once, open connections included. */
  close(): Promise<void>
}

type Place = Pick<SandboxOptions, 'host' | 'port' | 'baseUrl' | 'tls'>

/** Larger than Node's default of 16 KB: an assertion travels in the URL. */
const maxHeaderSize = 64 * 1024

/** Listens where it is told to. @throws the error of `listen` */
export async function listen({ host = '127.0.0.1', port = 0, baseUrl, tls }: Place): Promise<Listening> {
  // Whoever calls before the org is complete is asked to come again, instead of waiting for ever.
  const early: RequestListener = (_request, response) => response.writeHead(503, { 'retry-after': '1' }).end()
  const authority = tls === undefined ? undefined : (tls.authority ?? (await createCertificateAuthority()))
  const scheme = authority === undefined ? 'http' : 'https'
  const ownUrl = baseUrl ?? `${scheme}://${reachableHost(host)}`
  const server =
    authority === undefined
      ? createServer({ maxHeaderSize }, early)
      : await createSecureServer(new HostCertificates(authority, (name) => isOwnName(name, ownUrl)), {
          names: [
            ...new Set(
              [new URL(ownUrl).hostname, ...addressesOf(host), ...loopbackNames].map(withoutBrackets),
            ),
          ],
          early,
        })
  server.on('clientError', answerUnreadable)
  // Those that are no requests yet, too, such as clients amid a handshake, which the server closes at no time.
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.listen(port, host)
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('the org needs a TCP port')
  const caCertificate = authority?.certificate
  return {
    url: baseUrl ?? `${ownUrl}:${address.port}`,
    caCertificate,
    fetch: createOwnFetch({ ...address, caCertificate }),
    answer(listener) {
      server.off('request', early).on('request', listener)
    },
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

const loopbackNames = ['localhost', '*.localhost', '127.0.0.1', '::1']

async function createSecureServer(
  certificates: HostCertificates,
  { names, early }: { readonly names: readonly string[]; readonly early: RequestListener },
): Promise<Server> {
  return createTlsServer(
    {
      maxHeaderSize,
      handshakeTimeout: 10_000,
      ...(await certificates.issue(names)),
      SNICallback(name, done) {
        const context = certificates.contextFor(name)
        if (context === undefined) done(null)
        else context.then((made) => done(null, made), done)
      },
    },
    early,
  )
}

/** What a client may call that is listened on: with every address, those that the machine has by now. */
function addressesOf(host: string): readonly string[] {
  if (!isEveryAddress(host)) return [host]
  return Object.values(networkInterfaces()).flatMap((found = []) => found.map(({ address }) => address))
}

function isEveryAddress(host: string): boolean {
  return host === '0.0.0.0' || host === '::'
}

/** Where a host that is listened on can be reached: every address includes that of this machine. */
function reachableHost(host: string): string {
  if (isEveryAddress(host)) return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}

function withoutBrackets(host: string): string {
  return host.replace(/^\[|\]$/g, '')
}
