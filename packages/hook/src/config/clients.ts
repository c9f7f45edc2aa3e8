import * as v from 'valibot'
import type { ConfigFault } from '../errors/config-error.ts'
import { closedObject } from '../errors/schema-faults.ts'
import type { ResolvedIssuer } from './issuers.ts'
import type { Resources } from './resources.ts'
import type { SectionSchema } from './section.ts'
import type { Settled } from './settled.ts'
import { name, names, recordOf, scopes, wholeNumber } from './values.ts'

/** Says what one client may exchange. What is left out is not restricted beyond `issuers`. */
export interface ClientConfig {
  /**
   * The assertion must be meant for one of these: usually the API that the client is. Needed where the `issuers` have
   * several audiences. Default the one audience of `issuers`.
   */
  readonly audiences?: readonly string[] | undefined
  /**
   * The user must be vouched for by one of these, at every hop; issuers of users' own tokens only. Default any of
   * `issuers`.
   */
  readonly issuers?: readonly string[] | undefined
  /** The delegated token may carry these scopes only. Default any that Okta granted. */
  readonly scopes?: readonly string[] | undefined
  /** The APIs that the delegated token may be for. Needed where there are several. Default the one of `resources`. */
  readonly resources?: readonly string[] | undefined
  /**
   * Whether it may act again further out in a chain that it is in already (A to B to A). The current actor never acts for
   * itself. Default `false`.
   */
  readonly reentry?: boolean | undefined
  /** What the client is, in `act.sub_profile`: `service`, `ai_agent`. Default `'service'`. */
  readonly actorProfile?: string | undefined
  /**
   * How many actors a chain may have when this client is added to it; 1 means no delegation of delegation. 1 to 16.
   * Default `limits.maxActorDepth`, and never more than it.
   */
  readonly maxActorDepth?: number | undefined
  /**
   * Whether the assertion must name the client in `may_act`; one that is there always counts:
   * docs/decisions/0011-strict-may-act.md. Default `false`.
   */
  readonly requireMayAct?: boolean | undefined
}

/** A client with its defaults filled in. */
export type ResolvedClient = Settled<
  ClientConfig,
  'audiences' | 'issuers' | 'scopes' | 'resources' | 'maxActorDepth'
>
/** The clients that may exchange, by client id. */
export type Clients = ReadonlyMap<string, ResolvedClient>

/** A client of which the configuration says nothing. */
export const anyClientsBinding: ResolvedClient = {
  reentry: false,
  actorProfile: 'service',
  requireMayAct: false,
}

export const client: SectionSchema<ClientConfig, ResolvedClient> = closedObject({
  audiences: v.optional(names),
  issuers: v.optional(names),
  scopes: v.optional(scopes),
  resources: v.optional(names),
  reentry: v.optional(v.boolean('must be true or false'), false),
  actorProfile: v.optional(name, 'service'),
  maxActorDepth: v.optional(wholeNumber(1, 16)),
  requireMayAct: v.optional(v.boolean('must be true or false'), false),
})

const anyClient = v.literal('any')
const listedClients = v.pipe(
  recordOf(name, client, "must be 'any' or an object, without names like constructor"),
  v.transform((listed): Clients => new Map(Object.entries(listed))),
)

export const clients: v.GenericSchema<Readonly<Record<string, ClientConfig>> | 'any', Clients | 'any'> =
  v.lazy((input) => (input === 'any' ? anyClient : listedClients))

interface Bindings {
  readonly clients: Clients | 'any'
  readonly issuers: readonly Pick<ResolvedIssuer, 'issuer' | 'audiences' | 'tokens'>[]
  readonly resources?: Resources | undefined
}

/**
 * Finds clients of which it is left open whose tokens they may present, or for which API: with several of either, a client
 * that says nothing could trade in a token that was meant for another.
 */
export function findOpenBindings({ clients, issuers, resources }: Bindings): readonly ConfigFault[] {
  const audiences = new Set(issuers.flatMap((issuer) => issuer.audiences))
  const several = [
    ...(audiences.size > 1 ? (['audiences'] as const) : []),
    ...(resources !== undefined && resources.size > 1 ? (['resources'] as const) : []),
  ]
  if (clients === 'any')
    return several.map((member) => ({
      path: 'clients',
      problem: `must list each client with its ${member}, because there are several`,
    }))
  return [...clients].flatMap(([clientId, listed]) =>
    several
      .filter((member) => listed[member] === undefined)
      .map((member) => ({
        path: `clients.${clientId}.${member}`,
        problem: `is missing: there are several ${member}, and nothing says which are this client's`,
      })),
  )
}

/**
 * Finds clients that could trade in a user's token for their own API for one that is for it, too: the API would act
 * for its callers at itself, with whatever scopes Okta grants it there.
 */
export function findSelfDelegation({ clients, issuers, resources }: Bindings): readonly ConfigFault[] {
  if (resources === undefined) return []
  const trusted = [...new Set(issuers.flatMap((issuer) => issuer.audiences))]
  // Who comes back further out in a chain is a question of `reentry`.
  const ofUsers = new Set(issuers.flatMap(({ tokens, audiences }) => (tokens === 'user' ? audiences : [])))
  const apis = [...resources.keys()].filter((api) => ofUsers.has(api))
  const problem = 'is the audience of the tokens that are presented, so that the API would act at itself'
  if (clients === 'any')
    return trusted.length === 1 && resources.size === 1 && apis.length === 1
      ? [{ path: 'resources', problem }]
      : []
  return [...clients].flatMap(([clientId, client]) => {
    const audiences = client.audiences ?? (trusted.length === 1 ? trusted : [])
    const targets = client.resources ?? (resources.size === 1 ? apis : [])
    return targets.some((target) => apis.includes(target) && audiences.includes(target))
      ? [{ path: `clients.${clientId}.resources`, problem }]
      : []
  })
}

/** Finds clients bound to an issuer or audience that is not trusted anyway: they can never exchange, so it is a slip. */
export function findStrayBindings({ clients, issuers, resources }: Bindings): readonly ConfigFault[] {
  if (clients === 'any') return []
  const vouching = new Set(issuers.filter(({ tokens }) => tokens === 'user').map(({ issuer }) => issuer))
  const audiences = new Set(issuers.flatMap((issuer) => issuer.audiences))
  const apis = new Set(resources?.keys() ?? [])
  return [...clients].flatMap(([clientId, client]) => {
    const at = `clients.${clientId}`
    return [
      ...findStray(client.issuers, vouching, `${at}.issuers`, "is no configured issuer of users' own tokens"),
      ...findStray(
        client.audiences,
        audiences,
        `${at}.audiences`,
        'is an audience of none of the configured issuers',
      ),
      ...findStray(client.resources, apis, `${at}.resources`, 'is none of the configured resources'),
    ]
  })
}

function findStray(
  bound: readonly string[] = [],
  trusted: ReadonlySet<string>,
  path: string,
  problem: string,
): readonly ConfigFault[] {
  return bound.flatMap((name, index) => (trusted.has(name) ? [] : [{ path: `${path}[${index}]`, problem }]))
}
