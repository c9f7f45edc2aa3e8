import * as v from 'valibot'
import type { ConfigFault } from '../errors/config-error.ts'
import { closedObject } from '../errors/schema-faults.ts'
import type { IssuerConfig } from './issuers.ts'
import type { SectionSchema } from './section.ts'
import { name, names, recordOf, scopes, wholeNumber } from './values.ts'

/** Says what one client may exchange. What is left out is not restricted beyond `issuers`. */
export interface ClientConfig {
  /** The assertion must be meant for one of these: usually the API that the client is. Default any of `issuers`. */
  readonly audiences?: readonly string[] | undefined
  /** The assertion must be from one of these. Default any of `issuers`. */
  readonly issuers?: readonly string[] | undefined
  /** The delegated token may carry these scopes only. Default any that Okta granted. */
  readonly scopes?: readonly string[] | undefined
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

/** The clients that may exchange, by client id. */
export type Clients = ReadonlyMap<string, ClientConfig>

export const client: SectionSchema<ClientConfig, ClientConfig> = closedObject({
  audiences: v.optional(names),
  issuers: v.optional(names),
  scopes: v.optional(scopes),
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

/** Finds clients bound to an issuer or audience that is not trusted anyway: they can never exchange, so it is a slip. */
export function findStrayBindings({
  clients,
  issuers,
}: {
  readonly clients: Clients | 'any'
  readonly issuers: readonly Pick<IssuerConfig, 'issuer' | 'audiences'>[]
}): readonly ConfigFault[] {
  if (clients === 'any') return []
  const trustedIssuers = new Set(issuers.map(({ issuer }) => issuer))
  const trustedAudiences = new Set(issuers.flatMap(({ audiences }) => audiences))
  return [...clients].flatMap(([clientId, client]) => [
    ...findStray(
      client.issuers,
      trustedIssuers,
      `clients.${clientId}.issuers`,
      'is none of the configured issuers',
    ),
    ...findStray(
      client.audiences,
      trustedAudiences,
      `clients.${clientId}.audiences`,
      'is an audience of none of the configured issuers',
    ),
  ])
}

function findStray(
  bound: readonly string[] = [],
  trusted: ReadonlySet<string>,
  path: string,
  problem: string,
): readonly ConfigFault[] {
  return bound.flatMap((name, index) => (trusted.has(name) ? [] : [{ path: `${path}[${index}]`, problem }]))
}
