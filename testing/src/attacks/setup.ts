import type { DialectName, SignatureAlgorithm } from '@behalf/core'
import type { PrivateJwk } from '../sealing-pair.ts'
import type { World } from './world.ts'

/** The configurations of the hook that attacks are run against. */
export type Setup =
  | 'default'
  | 'passing'
  | 'bearer'
  | 'rotating'
  | 'resources'
  | 'sealing'
  | 'revocation'
  | 'memory'

/**
 * The sidecars that are attacked: a token endpoint for callers on this machine or for those with a secret, or a verify
 * endpoint that a proxy asks.
 */
export type SidecarSetup = 'loopback' | 'secrets' | 'nginx' | 'caddy' | 'envoy'

/** The secrets of the callers in the setup `secrets`. */
export const callerSecrets: Readonly<Record<string, readonly string[]>> = {
  gateway: ['secret-of-the-gateway'],
  other: ['former-secret-of-other', 'secret-of-other-now'],
}

/** A hook's configuration, in the shape that `@behalf/hook` reads. */
export interface HookSetup {
  readonly authenticate:
    | { readonly header?: string; readonly secrets: readonly string[] }
    | {
        readonly bearer: {
          readonly issuer: string
          readonly audience: string
          readonly clientIds: readonly string[]
          readonly scope: string
        }
      }
  readonly issuers: readonly {
    readonly issuer: string
    readonly audiences: readonly string[]
    readonly algorithms?: readonly SignatureAlgorithm[]
    readonly tokens?: 'user' | 'delegated'
    readonly org?: string
    readonly dialect?: Vendor
    readonly subject?: { readonly prefix: string }
    readonly introspection?: {
      readonly clientId: string
      readonly clientSecret: string
      readonly endpoint: string
      readonly timeoutMs: number
      readonly cacheSeconds: number
    }
  }[]
  readonly clients: Readonly<
    Record<
      string,
      {
        readonly audiences?: readonly string[]
        readonly issuers?: readonly string[]
        readonly scopes?: readonly string[]
        readonly resources?: readonly string[]
        readonly reentry?: boolean
      }
    >
  >
  readonly resources?: Readonly<
    Record<
      string,
      {
        readonly scopes: Readonly<
          Record<string, { readonly needs?: Readonly<Record<string, readonly string[]>> }>
        >
        readonly verifier?: 'any' | 'behalf'
      }
    >
  >
  /** What `sealed()` of `@behalf/hook/sealing` takes, which a hook that is started makes of it. */
  readonly sealing?: { readonly keys: readonly PrivateJwk[] }
  /** The org whose events cut users off in a memory of its own, and the secret that they come with. */
  readonly revocation?: { readonly org: string; readonly secrets: readonly string[] }
  readonly verifiedTokens?: { readonly maxEntries: number; readonly maxBytes: number }
  /** The policy `tellingPolicy()`, which a hook that is started makes of it. */
  readonly policy?: 'telling'
  readonly missingAssertion?: 'unchanged'
  readonly otherEvents?: 'unchanged'
}

/** The algorithms that the issuer `mixed` is trusted with. */
export const mixedAlgorithms: readonly SignatureAlgorithm[] = ['RS256', 'PS256', 'ES256', 'EdDSA']

/** Makes of authorization servers besides Okta. */
export type Vendor = Exclude<DialectName, 'okta'>

/** One of every make. */
export const vendors: readonly Vendor[] = ['entra', 'auth0', 'keycloak', 'cognito', 'zitadel']

/** The audience that no API accepts. */
export const placeholder = 'https://undelegated.invalid'
/** An API whose verifier is told issuer and audience, and nothing else. */
export const orders = 'https://orders.example'
/** An API with a verifier of ours. */
export const stock = 'https://stock.example'
/** What becomes of the subjects of the issuer `partner`. */
export const partnerPrefix = 'partner|'

/** Room for four tokens, and for fewer that are large. */
export const smallMemory = { maxEntries: 4, maxBytes: 20_000 } as const

/** The configuration of a setup. */
export function hookSetup(world: World, name: Setup): HookSetup {
  const base = baseSetup(world)
  switch (name) {
    case 'default':
      return base
    case 'passing':
      return { ...base, missingAssertion: 'unchanged', otherEvents: 'unchanged' }
    case 'rotating':
      return {
        ...base,
        authenticate: { header: 'X-Hook-Secret', secrets: [world.secret, world.formerSecret] },
      }
    case 'bearer':
      return {
        ...base,
        authenticate: {
          bearer: {
            issuer: world.gatekeeper.issuer,
            audience: 'api://hook',
            clientIds: ['0oaOktaCalls'],
            scope: 'hook:call',
          },
        },
      }
    case 'sealing':
      return { ...base, sealing: { keys: [world.sealing.jwk] } }
    case 'revocation':
      return { ...base, ...revocationSetup(world) }
    case 'memory':
      return { ...base, verifiedTokens: smallMemory, policy: 'telling' }
    case 'resources':
      return { ...base, ...resourcesSetup(world) }
  }
}

function baseSetup({ secret, okta, mixed, delegating, renewing }: World): HookSetup {
  return {
    authenticate: { secrets: [secret] },
    issuers: [
      { issuer: okta.issuer, audiences: ['api://a', 'api://other'], org: 'example' },
      { issuer: mixed.issuer, audiences: ['api://a'], algorithms: mixedAlgorithms, org: 'example' },
      { issuer: delegating.issuer, audiences: ['api://a'], tokens: 'delegated' },
      { issuer: renewing.issuer, audiences: ['api://a'], org: 'example' },
    ],
    clients: {
      '0oaApiA': { audiences: ['api://a'], scopes: ['orders:read'] },
      '0oaOther': { audiences: ['api://other'] },
      '0oaPartner': { issuers: [mixed.issuer], audiences: ['api://a'] },
      '0oaFree': { audiences: ['api://a', 'api://other'] },
    },
  }
}

/** Two orgs, of which the one tells of its users. */
function revocationSetup({
  okta,
  mixed,
  partner,
  delegating,
  eventSecret,
  introspectionUrl,
}: World): Omit<HookSetup, 'authenticate'> {
  return {
    issuers: [
      { issuer: okta.issuer, audiences: ['api://a', 'api://other'], org: 'example' },
      {
        issuer: mixed.issuer,
        audiences: ['api://a'],
        org: 'example',
        introspection: {
          clientId: '0oaHook',
          clientSecret: 'secret-of-the-hook',
          endpoint: introspectionUrl,
          timeoutMs: 1_000,
          cacheSeconds: 0,
        },
      },
      { issuer: partner.issuer, audiences: ['api://a'], org: 'partner', subject: { prefix: partnerPrefix } },
      { issuer: delegating.issuer, audiences: ['api://a'], tokens: 'delegated' },
    ],
    clients: { '0oaApiA': { audiences: ['api://a'] }, '0oaOther': { audiences: ['api://other'] } },
    revocation: { org: 'example', secrets: [eventSecret] },
  }
}

/** Issuers of every make, a partner's among them, and two APIs behind a server whose audience is nobody's. */
function resourcesSetup(world: World): Omit<HookSetup, 'authenticate'> {
  const { okta, partner, delegating } = world
  return {
    issuers: [
      { issuer: okta.issuer, audiences: ['api://a', 'api://other'], org: 'example' },
      { issuer: partner.issuer, audiences: ['api://a'], subject: { prefix: partnerPrefix } },
      ...vendors.map((dialect) => ({
        issuer: world.vendor(dialect).issuer,
        audiences: ['api://a'],
        org: 'example',
        dialect,
      })),
      { issuer: delegating.issuer, audiences: [orders], tokens: 'delegated' },
    ],
    clients: {
      '0oaApiA': { audiences: ['api://a'], resources: [orders] },
      '0oaOther': { audiences: ['api://other'], resources: [orders] },
      '0oaApiB': { audiences: [orders], resources: [stock] },
      '0oaBoth': { audiences: ['api://a'], resources: [orders, stock] },
      // Acts for the org's own people alone, whoever has passed the token on.
      '0oaOwn': { issuers: [okta.issuer], audiences: ['api://a', orders], resources: [stock] },
      '0oaBack': { audiences: [orders], resources: [orders], reentry: true },
    },
    resources: {
      [orders]: {
        scopes: { 'orders:read': {}, 'orders:write': { needs: { [okta.issuer]: ['orders', 'a:write'] } } },
      },
      [stock]: { scopes: { 'stock:read': {} }, verifier: 'behalf' },
    },
  }
}
