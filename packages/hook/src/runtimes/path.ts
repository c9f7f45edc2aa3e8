/**
 * Returns the path that a request is for, in whatever form its URL has come: proxies send the whole URL (RFC 9112 §3.2.2), and
 * runtimes put one together from a `Host` that may be none. It never throws, because an exception would not be
 * answered with 200.
 */
export function pathOf(url: string): string {
  return /^(?:https?:\/\/[^/?#]*)?([^?#]*)/i.exec(url)?.[1] ?? ''
}
