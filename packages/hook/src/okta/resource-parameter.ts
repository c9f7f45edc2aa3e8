/** What the URL of a token request says about the resource that the token is to be for. */
export type NamedResource =
  | { readonly kind: 'one'; readonly value: string }
  | { readonly kind: 'none' }
  /** Named more than once, or in a way that cannot be read. */
  | { readonly kind: 'unclear' }
  /** By a parameter that Okta itself takes, and may act on. */
  | { readonly kind: 'known to Okta'; readonly name: string }

const ours = 'assertion_resource'
/**
 * Okta puts what they name into `aud` where that is switched on, so a client could steer the audience by them.
 *
 * @see https://developer.okta.com/docs/release-notes/ (OKTA-1245853)
 */
const knownToOkta: ReadonlySet<string> = new Set(['resource', 'audience'])
/** Longer than any of the names with every character escaped, and a few characters around it. */
const longestName = 4 * ours.length

/**
 * Finds `assertion_resource` in the query of a token request, and the parameters that name a resource to Okta itself. In
 * other letters, between blanks or with brackets they are none, and yet say that a resource was meant. It goes over the
 * URL once and throws at nothing.
 *
 * @param url - one that has a path of a token request, and so is bounded
 */
export function findResource(url: string): NamedResource {
  const [beforeFragment = ''] = url.split('#', 1)
  const queryStart = beforeFragment.indexOf('?')
  if (queryStart === -1) return { kind: 'none' }
  let found: NamedResource = { kind: 'none' }
  for (const parameter of beforeFragment.slice(queryStart + 1).split('&')) {
    const equals = parameter.indexOf('=')
    const written = equals === -1 ? parameter : parameter.slice(0, equals)
    const name = written.length > longestName ? undefined : decode(written)
    if (name === undefined) continue
    const meant = name
      .trim()
      .toLowerCase()
      .replace(/\s*[[.].*$/s, '')
    if (knownToOkta.has(meant)) return { kind: 'known to Okta', name: meant }
    if (meant !== ours) continue
    const value = name !== ours || equals === -1 ? undefined : decode(parameter.slice(equals + 1))
    found = value === undefined || found.kind !== 'none' ? { kind: 'unclear' } : { kind: 'one', value }
  }
  return found
}

/** Undefined when the encoding is broken. */
function decode(text: string): string | undefined {
  if (!text.includes('%')) return text.replaceAll('+', ' ')
  // Looked at beforehand, because thousands of exceptions take longer than an answer may.
  if (!/^(?:[^%]|%[0-7][0-9a-f])*$/i.test(text)) return undefined
  return decodeURIComponent(text.replaceAll('+', ' '))
}
