/** What the URL of a token request says about an assertion. */
export type PresentedAssertion =
  | { readonly kind: 'one'; readonly value: string }
  | { readonly kind: 'none' }
  /** The name stands there in a spelling that is not a parameter of this name; what was meant is unclear. */
  | { readonly kind: 'misspelt' }
  | { readonly kind: 'several' }
  | { readonly kind: 'undecodable' }

/** The path of a token request, or undefined when the URL is none that Okta would send. */
export function tokenRequestPath(url: string): string | undefined {
  // Parsers drop or rewrite what is not visible ASCII; what they would change is refused instead.
  if (!/^https?:\/\/[\x21-\x7e]+$/.test(url) || url.includes('\\')) return undefined
  // Query and fragment, which are long here, can no longer make a difference.
  const end = url.search(/[?#]/)
  const parsed = URL.parse(end === -1 ? url : url.slice(0, end))
  return parsed?.username === '' && parsed.password === '' ? parsed.pathname : undefined
}

/**
 * Finds the parameter `assertion` in the query of a URL. Names are compared after decoding, so that encoded
 * spellings count as the same name; other spellings (`Assertion`, `assertion[]`) and other places (behind a
 * semicolon, in the fragment) do not count, but are told apart from none at all.
 */
export function findAssertion(url: string): PresentedAssertion {
  const [beforeFragment = ''] = url.split('#', 1)
  const queryStart = beforeFragment.indexOf('?')
  const query = queryStart === -1 ? '' : beforeFragment.slice(queryStart + 1)
  const values: string[] = []
  let misspelt = false
  for (const parameter of query.split('&')) {
    const equals = parameter.indexOf('=')
    const name = decodeRepeatedly(equals === -1 ? parameter : parameter.slice(0, equals), 1)
    if (name === 'assertion') values.push(equals === -1 ? '' : parameter.slice(equals + 1))
    else misspelt ||= isSpellingOfAssertion(name)
  }
  const [value] = values
  if (values.length > 1 || (values.length === 1 && misspelt)) return { kind: 'several' }
  if (value === undefined) return { kind: misspelt || mentionsElsewhere(url, query) ? 'misspelt' : 'none' }
  const decoded = decode(value)
  return decoded === undefined ? { kind: 'undecodable' } : { kind: 'one', value: decoded }
}

function isSpellingOfAssertion(name: string): boolean {
  return /^\s*assertion\s*(\[.*\]|\..*)?$/i.test(decodeRepeatedly(name, 3))
}

/** Behind a semicolon or in the fragment. */
function mentionsElsewhere(url: string, query: string): boolean {
  const fragment = url.includes('#') ? url.slice(url.indexOf('#') + 1) : ''
  const candidates = [...query.split(';').slice(1), ...fragment.split(/[&;?]/)]
  return candidates.some((candidate) => isSpellingOfAssertion(candidate.split('=', 1)[0] ?? ''))
}

function decodeRepeatedly(text: string, times: number): string {
  let decoded = text
  for (let time = 0; time < times; time++) {
    // A name that cannot be decoded is compared as it stands.
    decoded = decode(decoded) ?? decoded
  }
  return decoded
}

/** Decodes a part of a form-encoded query; undefined when its percent encoding is broken. */
function decode(text: string): string | undefined {
  if (!text.includes('%') && !text.includes('+')) return text
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}
