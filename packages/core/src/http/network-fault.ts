/** What to do about network, DNS and TLS errors and those of the runtime's `fetch`. */
interface Remedy {
  readonly codes: readonly string[]
  readonly remedy: string
  /** Whether it stays so until somebody changes something. */
  readonly permanent?: true
}

const list: readonly Remedy[] = [
  { codes: ['ENOTFOUND'], remedy: 'the host name is not known here; check it and DNS', permanent: true },
  { codes: ['EAI_AGAIN'], remedy: 'DNS does not answer; look at the network' },
  { codes: ['ECONNREFUSED'], remedy: 'nothing listens there; check that it runs, and the port' },
  {
    codes: ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'],
    remedy: 'the connection was broken off; look at proxies and firewalls on the way, and at its own log',
  },
  {
    codes: ['BAD_PORT'],
    remedy: 'no web client asks on this port, which belongs to another protocol; serve it on another',
    permanent: true,
  },
  {
    codes: [
      'ETIMEDOUT',
      'TIMEOUT',
      'UND_ERR_CONNECT_TIMEOUT',
      'UND_ERR_HEADERS_TIMEOUT',
      'UND_ERR_BODY_TIMEOUT',
    ],
    remedy: 'no answer came in time; look at network, firewall and proxy',
  },
  {
    codes: ['EHOSTUNREACH', 'ENETUNREACH'],
    remedy: 'there is no way to it from here; look at network and VPN',
  },
  { codes: ['EACCES'], remedy: 'this process may not call there; check its permissions' },
  { codes: ['EMFILE'], remedy: 'this process has no file descriptor left; raise its limit' },
  {
    codes: ['EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG'],
    remedy: 'it does not speak TLS there; compare http and https, and the port',
    permanent: true,
  },
  {
    codes: [
      'SELF_SIGNED_CERT_IN_CHAIN',
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'UNABLE_TO_GET_ISSUER_CERT',
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    ],
    remedy:
      'its certificate is of an authority that is not known here; name that in NODE_EXTRA_CA_CERTS, or serve the whole chain',
    permanent: true,
  },
  {
    codes: ['CERT_HAS_EXPIRED'],
    remedy: 'its certificate has ended; renew it, or set the clock of this machine right',
    permanent: true,
  },
  {
    codes: ['CERT_NOT_YET_VALID'],
    remedy: 'its certificate is not valid yet; set the clock of this machine right',
  },
  { codes: ['CERT_REVOKED'], remedy: 'its certificate was withdrawn; renew it', permanent: true },
  {
    codes: ['ERR_TLS_CERT_ALTNAME_INVALID'],
    remedy: 'its certificate is for other names; check the host',
    permanent: true,
  },
]
const remedies: ReadonlyMap<string, Remedy> = new Map(
  list.flatMap((remedy) => remedy.codes.map((code) => [code, remedy])),
)

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
  const known = remedies.get(code)
  if (known === undefined) return { detail: `could not be reached (${code})`, code }
  const { remedy, permanent } = known
  const fault = { detail: `could not be reached (${code}: ${remedy})`, code, remedy }
  return permanent ? { ...fault, permanent } : fault
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
