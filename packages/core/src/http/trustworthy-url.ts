/**
 * Whether a URL may be called: `https`, or `http` on loopback, without user information or a fragment, and
 * spelt as it is called. It does not resolve names.
 */
export function isTrustworthyUrl(value: string): boolean {
  // What parsers drop or rewrite would make it another text than the `iss` of a token.
  if (!/^[\x21-\x7e]+$/.test(value) || value.includes('\\') || !URL.canParse(value)) return false
  const url = new URL(value)
  if (url.username !== '' || url.password !== '' || value.includes('#')) return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))
}

/** Whether a host name, as `URL` spells it, is this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
}
