/** What to look at, by the codes of Node's network, DNS and TLS errors and of its `fetch`. */
const remedies: ReadonlyMap<string, string> = new Map([
  ['ENOTFOUND', 'the host name is not known here; check it and DNS'],
  ['EAI_AGAIN', 'DNS did not answer; check the name servers of this machine'],
  ['ECONNREFUSED', 'nothing listens there; check host and port'],
  ['ECONNRESET', 'the other side or something in between closed the connection; check proxies and firewalls'],
  ['EPIPE', 'the other side closed the connection while it was written to; check proxies and firewalls'],
  ['ETIMEDOUT', 'nothing answered; check the address, routes and firewalls'],
  ['EHOSTUNREACH', 'there is no way to the host; check the address and routes'],
  ['ENETUNREACH', 'there is no way to the network; check routes, and whether the address is IPv6'],
  ['EADDRNOTAVAIL', 'this machine has no address or port left to call from'],
  ['EACCES', 'this process may not call there; check its permissions'],
  ['EMFILE', 'this process has no file descriptor left; raise its limit'],
  ['EPROTO', 'no TLS connection came about; check that the port speaks TLS'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'the port does not speak TLS; check scheme and port'],
  ['ERR_SSL_PACKET_LENGTH_TOO_LONG', 'the port does not speak TLS; check scheme and port'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'its certificate is signed by itself; trust it with NODE_EXTRA_CA_CERTS'],
  [
    'SELF_SIGNED_CERT_IN_CHAIN',
    'its certificates end in an authority unknown here; trust that with NODE_EXTRA_CA_CERTS',
  ],
  [
    'UNABLE_TO_GET_ISSUER_CERT',
    'its certificates end in an authority unknown here; trust that with NODE_EXTRA_CA_CERTS',
  ],
  [
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'its certificates end in an authority unknown here; trust that with NODE_EXTRA_CA_CERTS',
  ],
  [
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'it does not send its intermediate certificates, or their authority is unknown here',
  ],
  ['CERT_HAS_EXPIRED', 'its certificate has expired; renew it, or check the clock of this machine'],
  ['CERT_NOT_YET_VALID', 'its certificate is not valid yet; check the clock of this machine'],
  ['CERT_REVOKED', 'its certificate was revoked'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'its certificate is for another host name; check the name'],
  ['UND_ERR_CONNECT_TIMEOUT', 'nothing answered; check the address, routes and firewalls'],
  ['UND_ERR_HEADERS_TIMEOUT', 'it took the request and did not answer'],
  ['UND_ERR_BODY_TIMEOUT', 'its answer stopped midway'],
  [
    'UND_ERR_SOCKET',
    'the other side or something in between closed the connection; check proxies and firewalls',
  ],
  ['UND_ERR_HEADERS_OVERFLOW', 'the headers of its answer are too large'],
  ['HPE_INVALID_CONSTANT', 'it does not answer in HTTP; check scheme and port'],
])

/** Longer chains of causes, or circles, are nobody's network error. */
const maxCauses = 8

/** What is known of a failed call, safe to log: a cause's message may quote URLs and answers, its code does not. */
export interface NetworkFault {
  /** What happened, as the rest of a sentence about whoever was called. */
  readonly detail: string
  readonly code?: string
}

/** Says why a call got no answer. */
export function describeNetworkFault(error: unknown): NetworkFault {
  const codes = codesOf(error)
  const code = codes.find((candidate) => remedies.has(candidate)) ?? codes[0]
  if (code === undefined) return { detail: 'could not be reached' }
  const remedy = remedies.get(code)
  return { detail: `could not be reached (${code}${remedy === undefined ? '' : `: ${remedy}`})`, code }
}

/** The codes of an error and its causes, the outermost first. */
function codesOf(error: unknown): readonly string[] {
  const codes: string[] = []
  let cause = error
  for (let depth = 0; depth < maxCauses && typeof cause === 'object' && cause !== null; depth++) {
    if ('code' in cause && typeof cause.code === 'string' && /^[A-Z0-9_]{3,64}$/.test(cause.code))
      codes.push(cause.code)
    cause = 'cause' in cause ? cause.cause : undefined
  }
  return codes
}
