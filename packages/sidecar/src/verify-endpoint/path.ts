import type { Result } from '@behalf/core'
import { fail, hasUnprintable, pass } from '@behalf/core/internal'

/** Why a request's target is not one path for everybody who reads it, in words that are safe to log. */
export type PathFault = string

/** What routers, frameworks and file systems read in different ways when it is written as an escape. */
const ambiguousWhenEscaped = /[\w.~/\\%;?#-]/
/** In a path, what some take for the beginning of something else: parameters, a fragment, a folder. */
const ambiguous = /[;\\#]/
/** What only an escape can bring, and what some characters beyond ASCII become where text is normalized. */
const ambiguousOnceNormalized = /[/\\%;?#]|^\.{1,2}$/

/**
 * Reads the path of a target into its segments, decoded; one slash at the end does not count. Whatever two programs could
 * read as different paths is refused: dots, empty segments, escapes of what needs none or of a separator, also of one
 * that Unicode takes for the same, parameters of segments, bytes that are no visible ASCII.
 *
 * @see https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2
 */
export function readPath(target: string): Result<readonly string[], PathFault> {
  if (!/^\/[\x21-\x7e]*$/.test(target)) return fail('the target is no path of visible ASCII')
  const [path = ''] = target.split('?', 1)
  if (ambiguous.test(path) || target.includes('#'))
    return fail('the path has a semicolon, a backslash or a fragment')
  const written = path.slice(1).split('/')
  if (written.at(-1) === '') written.pop()
  const segments: string[] = []
  for (const text of written) {
    if (text === '' || text === '.' || text === '..') return fail('the path has an empty segment or dots')
    const segment = decode(text)
    if (segment === undefined) return fail('the path has an escape that can be read in several ways')
    segments.push(segment)
  }
  return pass(segments)
}

function decode(text: string): string | undefined {
  if (!text.includes('%')) return text
  // An escape of ASCII is seen here; the others must be UTF-8 together.
  for (const [written] of text.matchAll(/%.{0,2}/g)) {
    const code = /^%[0-9A-Fa-f]{2}$/.test(written) ? Number.parseInt(written.slice(1), 16) : 0x25
    if (code < 0x80 && ambiguousWhenEscaped.test(String.fromCharCode(code))) return undefined
  }
  try {
    const segment = decodeURIComponent(text)
    return hasUnprintable(segment) || ambiguousOnceNormalized.test(segment.normalize('NFKC'))
      ? undefined
      : segment
  } catch {
    return undefined
  }
}

/** Says whether the query of a target has a parameter, in any letters and spelling. */
export function hasParameter(target: string, name: string): boolean {
  const query = target.slice(target.indexOf('?') + 1)
  return (
    target.includes('?') && [...new URLSearchParams(query).keys()].some((key) => key.toLowerCase() === name)
  )
}
