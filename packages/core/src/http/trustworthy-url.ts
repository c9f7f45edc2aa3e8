import { parseUrl } from './parse-url.ts'

/** Hosts that may be spoken to over plain http, as `URL` spells them. */
export type InsecureHosts = ReadonlySet<string>

const none: InsecureHosts = new Set()

/**
 * Says why a URL must not be called, as the rest of a sentence about it; undefined when it may be: `https`, or `http` on
 * this machine or a host that was named for it, without user information or a fragment, and spelt as it is called. It
 * does not resolve names.
 *
 * @param insecureHosts - hosts beyond this machine that may be spoken to over plain http. Default: none.
 */
export function whyUntrustworthy(value: string, insecureHosts: InsecureHosts = none): string | undefined {
  // What parsers drop or rewrite would make it another text than the `iss` of a token.
  if (!/^[\x21-\x7e]+$/.test(value) || value.includes('\\')) return 'has characters that URLs do not have'
  const url = parseUrl(value)
  if (url === null) return 'is no absolute URL'
  if (url.username !== '' || url.password !== '') return 'has user information'
  if (value.includes('#')) return 'has a fragment'
  if (url.protocol === 'https:') return undefined
  if (url.protocol !== 'http:') return 'is neither https nor http'
  return isLoopback(url.hostname) || insecureHosts.has(url.hostname)
    ? undefined
    : 'is plain http to another machine; use https, or name the host in insecureHosts (INSECURE_HOSTS)'
}

/** Says whether a URL may be called; see {@link whyUntrustworthy}. */
export function isTrustworthyUrl(value: string, insecureHosts: InsecureHosts = none): boolean {
  return whyUntrustworthy(value, insecureHosts) === undefined
}

/** Says whether a host name, as `URL` spells it, is this machine (RFC 6761 §6.3 gives all of `.localhost` to it). */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(\.\d{1,3}){3}$/.test(hostname)
  )
}

/** Says whether a value is a host name alone, as `URL` spells it: in lower case, without a port. */
export function isHostName(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    /^[a-z0-9.-]+$|^\[[0-9a-f:]+\]$/.test(value) &&
    parseUrl(`http://${value}`)?.hostname === value
  )
}
