import type { AuthorizationServer, ResourceParameters } from '../org/authorization-server.ts'
import { type OktaFacts, outcomeOf } from '../org/okta-facts.ts'
import { tokenExchangeGrant } from '../org/token-exchange-grant.ts'

/** What becomes of a token request that names a `resource` or an `audience`. */
export type RequestedAudience =
  | { readonly kind: 'none' }
  | { readonly kind: 'granted'; readonly audience: string }
  | { readonly kind: 'refused'; readonly error: string; readonly description: string }

const names = ['resource', 'audience'] as const

/**
 * Takes `resource` and `audience` out of a token request's parameters, and decides about them as the server is
 * told to, or else as the org is known to: Okta knows them, but which org does what with them is documented nowhere.
 *
 * @see RFC 8707 §2.2
 */
export function takeRequestedAudience(
  { audience, resourceParameters }: AuthorizationServer,
  facts: OktaFacts,
  places: Readonly<Record<'query' | 'body', URLSearchParams>>,
): RequestedAudience {
  if (places.body.get('grant_type') === tokenExchangeGrant) return takeExchangeAudience(audience, places.body)
  const asked: string[] = []
  const treatments = new Set<ResourceParameters>()
  for (const place of ['query', 'body'] as const) {
    for (const name of names) {
      const treatment =
        resourceParameters === 'ignored' ? outcomeOf(facts, `${name}-in-${place}`) : resourceParameters
      const found = places[place].getAll(name)
      places[place].delete(name)
      if (found.length === 0 || treatment === 'ignored') continue
      treatments.add(treatment)
      asked.push(...found)
    }
  }
  const [wanted] = asked
  if (wanted === undefined) return { kind: 'none' }
  if (treatments.has('refused')) {
    return { kind: 'refused', error: 'unsupported_resource', description: 'The resource is not supported.' }
  }
  return new Set(asked).size > 1
    ? { kind: 'refused', error: 'too_many_resources', description: 'Only one resource can be requested.' }
    : { kind: 'granted', audience: wanted }
}

/** In an exchange the audience names the server that is asked, which has but one. */
function takeExchangeAudience(own: string, body: URLSearchParams): RequestedAudience {
  const asked = body.getAll('audience')
  body.delete('audience')
  return asked.every((each) => each === own)
    ? { kind: 'none' }
    : { kind: 'refused', error: 'invalid_target', description: "The 'audience' is not that of the server." }
}
