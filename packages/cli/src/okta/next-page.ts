/**
 * Returns the path of the next page that a `Link` header names; undefined at the end. The host that it names is not taken:
 * the credentials go to the org alone, and a custom domain is the same org.
 *
 * @see https://developer.okta.com/docs/api/#pagination
 */
export function nextPageOf(link: string | null): string | undefined {
  for (const entry of (link ?? '').split(/,(?=\s*<)/)) {
    const [, target, parameters] = /^\s*<([^>]+)>(.*)$/s.exec(entry) ?? []
    if (target === undefined || !/;\s*rel\s*=\s*"?next"?\s*(?:;|$)/i.test(parameters ?? '')) continue
    const url = URL.parse(target, 'https://okta.invalid')
    if (url !== null) return `${url.pathname}${url.search}`
  }
  return undefined
}
