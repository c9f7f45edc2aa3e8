import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { type AddressInfo, isIP } from 'node:net'

/** Where the org listens, whatever it is called by everybody else. */
export interface OwnAddress extends Pick<AddressInfo, 'address' | 'port'> {
  /** The certificate to trust; absent when it speaks plain http. */
  readonly caCertificate: string | undefined
}

/** Creates a `fetch` that reaches the org by any URL of it, though its name may mean something to others only. */
export function createOwnFetch({ address, port, caCertificate }: OwnAddress): typeof fetch {
  return async (input, init) => {
    const asked = new Request(input, { ...init, redirect: 'manual' })
    const { host, hostname, pathname, search } = new URL(asked.url)
    const body = Buffer.from(await asked.arrayBuffer())
    const options = {
      host: reachable(address),
      port,
      path: `${pathname}${search}`,
      method: asked.method,
      headers: { ...Object.fromEntries(asked.headers), host, 'content-length': body.length },
      agent: false,
    }
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
    const outgoing =
      caCertificate === undefined
        ? requestHttp(options, resolve)
        : requestHttps({ ...options, ca: caCertificate, ...serverName(hostname) }, resolve)
    outgoing.on('error', reject).end(body)
    return responseOf(await promise)
  }
}

/** Every address includes that of this machine. */
function reachable(address: string): string {
  if (address === '0.0.0.0') return '127.0.0.1'
  return address === '::' ? '::1' : address
}

/** An address is no name to ask for (RFC 6066 §3). */
function serverName(hostname: string): { readonly servername?: string } {
  return isIP(hostname.replace(/^\[|\]$/g, '')) === 0 ? { servername: hostname } : {}
}

async function responseOf(answer: IncomingMessage): Promise<Response> {
  const chunks: Buffer[] = []
  for await (const chunk of answer) chunks.push(Buffer.from(chunk))
  const headers = new Headers()
  for (let index = 0; index + 1 < answer.rawHeaders.length; index += 2)
    headers.append(answer.rawHeaders[index] ?? '', answer.rawHeaders[index + 1] ?? '')
  const { statusCode: status = 500 } = answer
  const isEmpty = [204, 205, 304].includes(status)
  return new Response(isEmpty ? null : Buffer.concat(chunks), { status, headers })
}
