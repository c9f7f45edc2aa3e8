import * as v from 'valibot'
import type { ConfigFault } from '../errors/config-error.ts'
import { closedObject } from '../errors/schema-faults.ts'
import type { IssuerConfig } from './issuers.ts'
import type { SectionSchema } from './section.ts'
import type { Settled } from './settled.ts'
import { issuerUrl, name, oneOf, recordOf, scope, scopes } from './values.ts'

/** Says what one scope of a resource presupposes. */
export interface ScopeConfig {
  /**
   * By issuer of the presented token: the scopes of that token, all of them, without which this one is not granted. Of an
   * issuer that is not named it is never granted. Default nothing is presupposed.
   */
  readonly needs?: Readonly<Record<string, readonly string[]>> | undefined
}

/** Describes an API that delegated tokens can be for; its name is their audience. */
export interface ResourceConfig {
  /**
   * Its scopes: a granted one that is not listed is denied. With several resources each lists its own. Default every scope
   * is its own.
   */
  readonly scopes?: Readonly<Record<string, ScopeConfig>> | undefined
  /**
   * Who verifies at this API: `'any'`, whom it is enough to tell issuer and audience, so that a token never outlives the
   * assertion; or `'behalf'`, which enforces `assertion.exp`: `@behalf/verify`, the sidecar, the vectors. Default `'any'`.
   */
  readonly verifier?: 'any' | 'behalf' | undefined
}

/** A resource with its defaults filled in. */
export type ResolvedResource = Settled<ResourceConfig, 'scopes'>
/** The resources by audience. */
export type Resources = ReadonlyMap<string, ResolvedResource>

/** The audience that no API accepts, unless configured otherwise: nobody can have a name under `.invalid` (RFC 6761). */
export const defaultPlaceholder = 'https://undelegated.invalid'

export const scopeOfResource: SectionSchema<ScopeConfig, ScopeConfig> = closedObject({
  needs: v.optional(recordOf(issuerUrl, scopes, 'must be an object of scopes by issuer')),
})

export const resource: SectionSchema<ResourceConfig, ResolvedResource> = closedObject({
  scopes: v.optional(recordOf(scope, scopeOfResource, 'must be an object of scopes')),
  verifier: oneOf('any', 'behalf'),
})

export const resources: v.GenericSchema<Readonly<Record<string, ResourceConfig>>, Resources> = v.pipe(
  recordOf(name, resource, 'must be an object of resources by audience'),
  v.check((listed) => Object.keys(listed).length > 0, 'must name at least one resource'),
  v.transform((listed): Resources => new Map(Object.entries(listed))),
)

interface Layout {
  readonly placeholder: string
  readonly resources?: Resources | undefined
  readonly issuers: readonly Pick<IssuerConfig, 'issuer' | 'audiences'>[]
}

/** Finds a placeholder that some API does accept, and scopes that do not say which resource they are for. */
export function findOpenResources({ placeholder, resources, issuers }: Layout): readonly ConfigFault[] {
  if (resources === undefined)
    return placeholder === defaultPlaceholder
      ? []
      : [{ path: 'placeholder', problem: 'means something beside resources only, and there are none' }]
  const trusted = issuers.some(({ audiences }) => audiences.includes(placeholder))
  return [
    ...(resources.has(placeholder) || trusted
      ? [
          {
            path: 'placeholder',
            problem: 'must be an audience that no API accepts; it is a resource or a trusted audience',
          },
        ]
      : []),
    ...findSharedScopes(resources),
    ...findStrayNeeds(resources, issuers),
  ]
}

function findSharedScopes(resources: Resources): readonly ConfigFault[] {
  const owners = new Map<string, string>()
  return [...resources].flatMap(([audience, { scopes: listed }]) => {
    const at = `resources[${JSON.stringify(audience)}].scopes`
    if (listed === undefined)
      return resources.size > 1
        ? [{ path: at, problem: 'is missing: with several resources each lists its own' }]
        : []
    return Object.keys(listed).flatMap((granted) => {
      const owner = owners.get(granted)
      owners.set(granted, owner ?? audience)
      return owner === undefined
        ? []
        : [{ path: `${at}[${JSON.stringify(granted)}]`, problem: 'is a scope of another resource, too' }]
    })
  })
}

function findStrayNeeds(resources: Resources, issuers: Layout['issuers']): readonly ConfigFault[] {
  return [...resources].flatMap(([audience, { scopes: listed = {} }]) =>
    Object.entries(listed).flatMap(([granted, { needs = {} }]) =>
      Object.keys(needs)
        .filter((needed) => issuers.every(({ issuer }) => issuer !== needed))
        .map((needed) => ({
          path: `resources[${JSON.stringify(audience)}].scopes[${JSON.stringify(granted)}].needs[${JSON.stringify(needed)}]`,
          problem: 'is none of the configured issuers',
        })),
    ),
  )
}
