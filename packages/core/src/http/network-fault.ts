const unknownAuthority =
  'its certificate is of an authority that is not known here; name that in NODE_EXTRA_CA_CERTS, or serve the whole chain'
const tooLate = 'no answer came in time; look at network, firewall and proxy'
const brokenOff =
  'the connection was broken off; look at proxies and firewalls on the way, and at its own log'
const noWay = 'there is no way to it from here; look at network and VPN'
const noTls = 'it does not speak TLS there; compare http and https, and the port'

/** What to do, by the codes of network, DNS and TLS errors and of the runtime's `fetch`. */
const remedies: ReadonlyMap<string, string> = new Map([
  ['ENOTFOUND', 'the host name is not known here; check it and DNS'],
  ['EAI_AGAIN', 'DNS does not answer; look at the network'],
  ['ECONNREFUSED', 'nothing listens there; check that it runs, and the port'],
  ['ECONNRESET', brokenOff],
  ['EPIPE', brokenOff],
  ['UND_ERR_SOCKET', brokenOff],
  ['BAD_PORT', 'no web client asks on this port, which belongs to another protocol; serve it on another'],
  ['ETIMEDOUT', tooLate],
  ['TIMEOUT', tooLate],
  ['UND_ERR_CONNECT_TIMEOUT', tooLate],
  ['UND_ERR_HEADERS_TIMEOUT', tooLate],
  ['UND_ERR_BODY_TIMEOUT', tooLate],
  ['EHOSTUNREACH', noWay],
  ['ENETUNREACH', noWay],
  ['EACCES', 'this process may not call there; check its permissions'],
  ['EMFILE', 'this process has no file descriptor left; raise its limit'],
  ['EPROTO', noTls],
  ['ERR_SSL_WRONG_VERSION_NUMBER', noTls],
  ['ERR_SSL_PACKET_LENGTH_TOO_LONG', noTls],
  ['SELF_SIGNED_CERT_IN_CHAIN', unknownAuthority],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', unknownAuthority],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', unknownAuthority],
  ['UNABLE_TO_GET_ISSUER_CERT', unknownAuthority],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', unknownAuthority],
  ['CERT_HAS_EXPIRED', 'its certificate has ended; renew it, or set the clock of this machine right'],
  ['CERT_NOT_YET_VALID', 'its certificate is not valid yet; set the clock of this machine right'],
  ['CERT_REVOKED', 'its certificate was withdrawn; renew it'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'its certificate is for other names; check the host'],
])

/** What stays so until somebody changes something. */
const permanent: ReadonlySet<string> = new Set([
  'ENOTFOUND',
  'BAD_PORT',
  'EPROTO',
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
  'CERT_REVOKED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

/** Deeper causes, or circles, are nobody's network error. */
const maxDepth = 4

/** Why a call got no answer, safe to log: messages of transports quote URLs and headers, a code does not. */
export interface NetworkFault {
  /** What happened, as the rest of a sentence about whoever was called. */
  readonly detail: string
  /** The cause's code, such as `ENOTFOUND`. */
  readonly code?: string
  /** What to do about it, when the code says enough for that. */
  readonly remedy?: string
  /** Set when it stays so until somebody changes something, so that asking again is of no use. */
  readonly permanent?: true
}

/**
 * Says why a call got no answer.
 *
 * @see https://nodejs.org/api/errors.html#common-system-errors
 */
export function describeNetworkFault(error: unknown): NetworkFault {
  const codes = codesOf(error, maxDepth)
  const code = codes.find((candidate) => remedies.has(candidate)) ?? codes[0]
  if (code === undefined) return { detail: 'could not be reached' }
  const remedy = remedies.get(code)
  if (remedy === undefined) return { detail: `could not be reached (${code})`, code }
  const fault = { detail: `could not be reached (${code}: ${remedy})`, code, remedy }
  return permanent.has(code) ? { ...fault, permanent: true } : fault
}

/** The codes of an error, its causes and the errors that it gathers, the outermost first. */
function codesOf(error: unknown, depth: number): readonly string[] {
  const { code, type, name, message, cause, errors } = Object(error)
  const own = [
    // A DOMException has a number.
    ...(typeof code === 'string' && /^[A-Z0-9_]{3,64}$/.test(code) ? [code] : []),
    ...(name === 'TimeoutError' || name === 'AbortError' || /^(request|body)-timeout$/.test(String(type))
      ? ['TIMEOUT']
      : []),
    ...(message === 'bad port' ? ['BAD_PORT'] : []),
  ]
  if (depth === 0) return own
  const inner: readonly unknown[] = [cause, ...(Array.isArray(errors) ? errors.slice(0, maxDepth) : [])]
  return [...own, ...inner.filter((each) => each !== undefined).flatMap((each) => codesOf(each, depth - 1))]
}
