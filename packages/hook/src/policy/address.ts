/** The prefixes of 96 bits under which the last 32 are an IPv4 address. */
const prefixesOfIpv4: ReadonlySet<string> = new Set([
  '0:0:0:0:0:ffff', // mapped, RFC 4291 §2.5.5.2
  '0:0:0:0:ffff:0', // translated, RFC 6145
  '64:ff9b:0:0:0:0', // NAT64, RFC 6052 §2.1
])
/** IPv4-compatible, RFC 4291 §2.5.5.1; the loopback address and the unspecified one lie under it, too. */
const compatiblePrefix = '0:0:0:0:0:0'

/**
 * Reads an address as policies compare it: IPv4 in dotted decimal, whichever way it was spelled as IPv6, and IPv6
 * as RFC 5952 writes it, without a zone. Undefined when it is no address.
 */
export function canonicalAddress(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  if (/^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/.test(text)) return text
  const address = /^([\da-f:.]{2,45})(?:%.*)?$/i.exec(text)?.[1]
  if (address === undefined || !URL.canParse(`http://[${address}]`)) return undefined
  const written = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const groups = expand(written)
  const prefix = groups.slice(0, 6).join(':')
  const [high = 0, low = 0] = groups.slice(6).map((group) => Number.parseInt(group, 16))
  const isIpv4 = prefixesOfIpv4.has(prefix) || (prefix === compatiblePrefix && high > 0)
  return isIpv4 ? [high >> 8, high & 255, low >> 8, low & 255].join('.') : written
}

/** All eight groups of an address that is written the short way. */
function expand(written: string): readonly string[] {
  const [head = [], tail = []] = written.split('::').map((part) => (part === '' ? [] : part.split(':')))
  return [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => '0'), ...tail]
}
