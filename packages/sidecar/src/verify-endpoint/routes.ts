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
  /** It differs from a route in nothing but the case of letters, which some APIs do not look at. */
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
    for (const { route, pattern } of patterns) {
      const likeness = compare(pattern, segments)
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

interface Pattern {
  readonly segments: readonly string[]
  readonly isOpen: boolean
}

function readPattern(path: string): Pattern {
  const segments = path.split('/').filter((segment) => segment !== '')
  const isOpen = segments.at(-1) === '**'
  return { segments: isOpen ? segments.slice(0, -1) : segments, isOpen }
}

function compare(
  { segments: expected, isOpen }: Pattern,
  segments: readonly string[],
): 'same' | 'same but for case' | 'different' {
  if (segments.length < expected.length || (!isOpen && segments.length > expected.length)) return 'different'
  let isSame = true
  for (const [index, wanted] of expected.entries()) {
    const segment = segments[index] ?? ''
    if (wanted === '*' || wanted === segment) continue
    if (wanted.toLowerCase() !== segment.toLowerCase()) return 'different'
    isSame = false
  }
  return isSame ? 'same' : 'same but for case'
}
