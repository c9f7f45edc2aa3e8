import { aListOf, isPartyName, isScopeToken, type OptionRules } from '@behalf/core/internal'
import type { Access, TokenKind } from '@behalf/verify'

/** What requests to a part of an API need, beyond what the verifier demands of all. */
export interface Route {
  /**
   * The path: segments as they are decoded, `*` for any one segment, and at the end `**` for any number of them, e.g.
   * `/orders/*` or `/admin/**`.
   */
  readonly path: string
  /** The methods, in capitals; `GET` stands for `HEAD`, too. Default all. */
  readonly methods?: readonly string[]
  /** Scopes that the token must have besides the verifier's. Default none. */
  readonly requiredScopes?: readonly string[]
  /** The kinds of tokens that may pass, of those that the verifier accepts. Default all of these. */
  readonly accept?: readonly TokenKind[]
  /** The clients that may call, of those that the verifier allows. Default all of these. */
  readonly allowedActors?: readonly string[]
}

/** What a request comes to among the routes. */
export type RouteMatch =
  | { readonly kind: 'found'; readonly route: Route }
  | { readonly kind: 'none' }
  /** It differs from a route in nothing but what some APIs do not look at: {@link fold}, an ending such as `.json`. */
  | { readonly kind: 'ambiguous' }

const tokenKinds: readonly TokenKind[] = ['delegated', 'user', 'machine', 'okta-token-exchange', 'okta-agent']

/** What a {@link Route} must be. */
export const routeRules: OptionRules<keyof Route> = {
  path: {
    required: true,
    expected: 'a path of segments without escapes, such as /orders, /orders/* or /admin/**',
    holds: (value) =>
      typeof value === 'string' &&
      /^(?:\/(?!\.{1,2}(?:\/|$))(?:\*|[^\s*/\\%;?#]+))*(?:\/\*\*)?$|^\/$/.test(value) &&
      value !== '',
  },
  methods: aListOf('methods in capitals', isMethod),
  requiredScopes: aListOf('scopes', isScopeToken),
  accept: aListOf(`kinds of tokens: ${tokenKinds.join(', ')}`, (kind) =>
    tokenKinds.some((known) => known === kind),
  ),
  allowedActors: aListOf('names', (name) => typeof name === 'string' && isPartyName(name)),
}

/** Says whether a value is a method as requests spell it. */
export function isMethod(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Z]+(?:-[A-Z]+)*$/.test(value)
}

/** Makes what finds the route of a request: the first in the list whose path and method fit. */
export function createRouter(
  routes: readonly Route[],
): (method: string, segments: readonly string[]) => RouteMatch {
  const patterns = routes.map((route) => ({ route, pattern: readPattern(route.path) }))
  return (method, segments) => {
    const wanted = method === 'HEAD' ? 'GET' : method
    const path = segments.map((written) => ({ written, folded: fold(written) }))
    for (const { route, pattern } of patterns) {
      const likeness = compare(pattern, path)
      if (likeness === 'different' || route.methods?.includes(wanted) === false) continue
      return likeness === 'same' ? { kind: 'found', route } : { kind: 'ambiguous' }
    }
    return { kind: 'none' }
  }
}

/** Why a verified token may not be used at a route that its verifier does not know, in words that are safe to log. */
export function whyNotAt({ accept, allowedActors }: Route, access: Access): string | undefined {
  if (accept?.includes(access.kind) === false) return 'a token of this kind may not be used at this route'
  const client = 'actor' in access ? access.actor.sub : access.client
  return allowedActors?.includes(client) === false ? 'this client may not call at this route' : undefined
}

/** A part of a path, and what it comes to for those who do not look closely. */
interface Segment {
  readonly written: string
  readonly folded: string
}

interface Pattern {
  readonly segments: readonly Segment[]
  readonly isOpen: boolean
}

function readPattern(path: string): Pattern {
  const segments = path.split('/').filter((segment) => segment !== '')
  const isOpen = segments.at(-1) === '**'
  const closed = isOpen ? segments.slice(0, -1) : segments
  return { segments: closed.map((written) => ({ written, folded: fold(written) })), isOpen }
}

/**
 * Does away with what some servers and file systems do not look at: the case of letters, the way in which a character is
 * put together, dots and blanks at the end.
 */
function fold(segment: string): string {
  return segment
    .normalize('NFKC')
    .toUpperCase()
    .toLowerCase()
    .replace(/[\s.]+$/, '')
}

function compare(
  { segments: expected, isOpen }: Pattern,
  path: readonly Segment[],
): 'same' | 'same but for its spelling' | 'different' {
  if (path.length < expected.length || (!isOpen && path.length > expected.length)) return 'different'
  let isSame = true
  for (const [index, { written, folded }] of expected.entries()) {
    const segment = path[index]
    if (written === '*' || written === segment?.written) continue
    // Some serve /orders.json as /orders in another format.
    const isEnded = index === path.length - 1 && segment?.folded.startsWith(`${folded}.`) === true
    if (folded !== segment?.folded && !isEnded) return 'different'
    isSame = false
  }
  return isSame ? 'same' : 'same but for its spelling'
}
