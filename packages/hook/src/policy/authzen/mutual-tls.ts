import { Agent, request } from 'node:https'
import { Readable } from 'node:stream'
import { createSecureContext } from 'node:tls'
import type { Fetch } from '@behalf/core'
import { assertOptions, aWholeNumber, type OptionRule, type OptionRules } from '@behalf/core/internal'

/** How a client authenticates with a certificate, all in PEM. */
export interface MutualTlsOptions {
  /** The client's certificate, with its intermediates. */
  readonly certificate: string
  readonly privateKey: string
  /** The authorities that the server's certificate must come from; those of the runtime by default. */
  readonly authorities?: string | readonly string[]
  /** How many connections are kept; 1 to 1 024. Default 16. */
  readonly maxConnections?: number
}

const aPem: OptionRule = {
  expected: 'PEM; is the environment variable set?',
  holds: (value) => typeof value === 'string' && value.includes('-----BEGIN '),
}
const mutualTlsOptions: OptionRules<keyof MutualTlsOptions> = {
  certificate: { ...aPem, required: true },
  privateKey: { ...aPem, required: true },
  authorities: { ...aPem, holds: (value) => [value].flat().every(aPem.holds) },
  maxConnections: aWholeNumber(1, 1_024),
}

/**
 * Returns a `fetch` that presents a client certificate, for Node. It knows what Behalf needs of the standard: a
 * method, headers, a body of text, a signal; it follows no redirect, and it calls `https` only.
 *
 * @throws TypeError that lists every option that is missing, unknown or unusable
 * @throws an error of `node:tls` when the certificate and the key cannot be read or do not fit
 *
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs'
 * import { authzen } from '@behalf/hook/authzen'
 * import { createMutualTlsFetch } from '@behalf/hook/mutual-tls'
 *
 * const policy = authzen({
 *   pdp: 'https://pdp.example.com',
 *   fetch: createMutualTlsFetch({
 *     certificate: readFileSync('client.crt', 'utf8'),
 *     privateKey: readFileSync('client.key', 'utf8'),
 *   }),
 * })
 * ```
 * @see https://www.rfc-editor.org/rfc/rfc8705
 */
export function createMutualTlsFetch(options: MutualTlsOptions): Fetch {
  assertOptions('createMutualTlsFetch', options, mutualTlsOptions)
  const { certificate, privateKey, authorities, maxConnections = 16 } = options
  const agent = new Agent({
    keepAlive: true,
    maxSockets: maxConnections,
    secureContext: createSecureContext({
      cert: certificate,
      key: privateKey,
      ...(authorities === undefined ? {} : { ca: [authorities].flat() }),
    }),
  })
  return (url, { method = 'GET', headers, body, signal }) =>
    new Promise((resolve, reject) => {
      const call = request(
        url,
        {
          agent,
          method,
          headers: Object.fromEntries(new Headers(headers)),
          ...(signal ? { signal } : {}),
        },
        (response) => {
          const stream = Readable.toWeb(response)
          const status = response.statusCode ?? 0
          const isEmpty = status === 204 || status === 205 || status === 304
          try {
            resolve(new Response(isEmpty ? null : stream, { status }))
          } catch (error) {
            // A status that HTTP does not have; here nobody else would catch that, and the process would end.
            response.destroy()
            reject(error)
          }
        },
      )
      call.on('error', reject)
      call.end(typeof body === 'string' ? body : undefined)
    })
}
