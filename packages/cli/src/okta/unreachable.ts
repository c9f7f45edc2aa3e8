/** Why no answer came: the code of the cause, and what to do about it. */
export interface Unreachable {
  readonly code: string
  readonly remedy: string
}

const unknownAuthority =
  'its certificate is of an authority that is not known here; name that in NODE_EXTRA_CA_CERTS, or serve the whole chain'
const tooLate = 'no answer came in time; look at network, firewall and proxy'
const brokenOff =
  'the connection was broken off; look at proxies and firewalls on the way, and at its own log'
const noWay = 'there is no way to it from here; look at network and VPN'
const noTls = 'it does not speak TLS there; compare http and https, and the port'

const remedies: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the name is not known; check how it is spelled, and DNS',
  EAI_AGAIN: 'DNS does not answer; look at the network',
  ECONNREFUSED: 'nothing listens there; check that it runs, and the port',
  ECONNRESET: brokenOff,
  EPIPE: brokenOff,
  UND_ERR_SOCKET: brokenOff,
  BAD_PORT: 'no web client asks on this port, which belongs to another protocol; serve it on another',
  ETIMEDOUT: tooLate,
  TIMEOUT: tooLate,
  UND_ERR_CONNECT_TIMEOUT: tooLate,
  UND_ERR_HEADERS_TIMEOUT: tooLate,
  EHOSTUNREACH: noWay,
  ENETUNREACH: noWay,
  EPROTO: noTls,
  ERR_SSL_WRONG_VERSION_NUMBER: noTls,
  SELF_SIGNED_CERT_IN_CHAIN: unknownAuthority,
  DEPTH_ZERO_SELF_SIGNED_CERT: unknownAuthority,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownAuthority,
  CERT_HAS_EXPIRED: 'its certificate has ended; renew it, or set the clock of this machine right',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet; set the clock of this machine right',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for other names; check the host',
}

/**
 * Says why a request got no answer. The messages of transports quote URLs and headers; only the code is taken.
 *
 * @see https://nodejs.org/api/errors.html#common-system-errors
 */
export function whyUnreachable(error: unknown): Unreachable {
  const code = codeOf(error, 4) ?? 'UNKNOWN'
  return { code, remedy: remedies[code] ?? 'check the URL, the credentials and the way to it' }
}

/** The first code in an error, its causes and the errors that it gathers. */
function codeOf(error: unknown, depth: number): string | undefined {
  const { code, type, name, message, cause, errors } = Object(error)
  // A DOMException has a number.
  if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,60}$/.test(code)) return code
  if (
    name === 'TimeoutError' ||
    name === 'AbortError' ||
    type === 'request-timeout' ||
    type === 'body-timeout'
  )
    return 'TIMEOUT'
  if (message === 'bad port') return 'BAD_PORT'
  const inner: readonly unknown[] = [cause, ...(Array.isArray(errors) ? errors : [])]
  if (depth === 0) return undefined
  return inner
    .filter((each) => each !== undefined)
    .map((each) => codeOf(each, depth - 1))
    .find(Boolean)
}
