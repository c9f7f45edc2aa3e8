import type { Denial, Result } from '@behalf/core'
import { deny, pass } from '@behalf/core/internal'
import { anyClientsBinding } from '../config/clients.ts'
import type { ResolvedConfig } from '../config/resolved-config.ts'
import type { Resources } from '../config/resources.ts'
import { findResource, type NamedResource } from '../okta/resource-parameter.ts'
import type { Opened, Resource, Targeted } from './exchange.ts'
import type { Step } from './step.ts'

/**
 * Step 6: which API the token is for. Nothing is inferred from scopes; what is not named is the client's only resource.
 * The event must be one that Okta's failing open cannot hurt: its audience is the placeholder, which no API accepts.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8707
 */
export const chooseResource: Step<Opened, Targeted> = (presented, { config }) => {
  const { resources } = config
  const named = namedResource(presented)
  if (named.kind === 'known to Okta')
    return deny(
      'resource_invalid',
      `the request has the parameter ${named.name}, which Okta itself may act on`,
    )
  if (named.kind === 'unclear')
    return deny('resource_invalid', 'a resource is named twice, in the URL or in a seal, or unreadably')
  if (resources === undefined)
    return named.kind === 'none'
      ? pass({ ...presented, resource: undefined })
      : deny('resource_invalid', 'a resource is named, and none are configured')
  const audience = named.kind === 'one' ? named.value : onlyResource(presented.clientId, config, resources)
  if (audience === undefined) return deny('resource_invalid', 'none is named, and the client has several')
  const found = resources.get(audience)
  if (found === undefined) return deny('resource_invalid', 'the one that is named is not configured')
  return whyUnprotected(presented, config) ?? pass({ ...presented, resource: { audience, ...found } })
}

/** A seal names its own: beside one, a parameter could only be somebody else's. */
function namedResource({ event, seal }: Opened): NamedResource {
  const inUrl = findResource(event.request.url)
  if (seal === undefined || inUrl.kind === 'known to Okta') return inUrl
  if (inUrl.kind !== 'none') return { kind: 'unclear' }
  return seal.resource === undefined ? inUrl : { kind: 'one', value: seal.resource }
}

function onlyResource(
  clientId: string,
  { clients }: ResolvedConfig,
  resources: Resources,
): string | undefined {
  const { resources: permitted = [...resources.keys()] } =
    (clients === 'any' ? undefined : clients.get(clientId)) ?? anyClientsBinding
  return permitted.length === 1 ? permitted[0] : undefined
}

/** An audience that some API accepts would stay in the plain token, should this answer not reach Okta. */
function whyUnprotected(
  { event }: Opened,
  { placeholder }: ResolvedConfig,
): Result<never, Denial> | undefined {
  const { claims, lifetimeSeconds } = event.access
  if (claims['aud'] !== placeholder)
    return deny(
      'resource_unprotected',
      'the audience of the authorization server is not exactly the placeholder',
    )
  return lifetimeSeconds === undefined
    ? deny('resource_unprotected', 'the event names no lifetime, so none can be set')
    : undefined
}

/** Says which scopes a resource does not have, or that presuppose more than the presented token has. */
export function foreignScopes(
  { scopes: listed }: Resource,
  granted: readonly string[],
  presented: { readonly issuer: string; readonly scopes: readonly string[] },
): readonly string[] {
  if (listed === undefined) return []
  return granted.filter((scope) => {
    const own = Object.hasOwn(listed, scope) ? listed[scope] : undefined
    if (own === undefined) return true
    if (own.needs === undefined) return false
    const needed = Object.hasOwn(own.needs, presented.issuer) ? own.needs[presented.issuer] : undefined
    return needed === undefined || !needed.every((need) => presented.scopes.includes(need))
  })
}
