import type { AuthorizationServer } from '../org/authorization-server.ts'

/** What becomes of a token request that names a `resource` or an `audience`. */
export type RequestedAudience =
  | { readonly kind: 'none' }
  | { readonly kind: 'granted'; readonly audience: string }
  | { readonly kind: 'refused'; readonly error: string; readonly description: string }

const names = ['resource', 'audience']

/**
 * Takes `resource` and `audience` out of a token request's parameters, and decides about them as the server is
 * told to: Okta knows them, but which org does what with them is documented nowhere.
 *
 * @see RFC 8707 §2.2
 */
export function takeRequestedAudience(
  { resourceParameters }: AuthorizationServer,
  ...places: readonly URLSearchParams[]
): RequestedAudience {
  const asked = places.flatMap((params) => names.flatMap((name) => params.getAll(name)))
  for (const params of places) for (const name of names) params.delete(name)
  const [audience] = asked
  if (audience === undefined || resourceParameters === 'ignored') return { kind: 'none' }
  if (resourceParameters === 'refused') {
    return { kind: 'refused', error: 'unsupported_resource', description: 'The resource is not supported.' }
  }
  return new Set(asked).size > 1
    ? { kind: 'refused', error: 'too_many_resources', description: 'Only one resource can be requested.' }
    : { kind: 'granted', audience }
}
