import type { Client } from '@behalf/client'
import { type Clock, systemClock } from '@behalf/core'
import {
  aClock,
  aFunction,
  aListOf,
  anObjectWithMethods,
  aWholeNumber,
  findOptionFaults,
  isObject,
  isPartyName,
  isScopeToken,
  isTrustworthyUrl,
  type OptionRules,
  refuseOptions,
} from '@behalf/core/internal'
import type { Access, Verifier } from '@behalf/verify'
import { type Callers, callersRule } from './callers.ts'
import type { OAuthFault } from './oauth-fault.ts'
import type { CompleteTarget, Target } from './target.ts'

/** How a token endpoint exchanges tokens. */
export interface TokenEndpointOptions {
  /**
   * Verifies subject tokens, before cache or Okta is asked for anything: `createVerifier({ accept: ['user'], … })`; in the
   * middle of a chain `['user', 'delegated']`. A machine's token is refused whatever it accepts.
   */
  readonly verifier: Verifier<Access>
  /** Obtains the tokens of targets that have no client of their own; bearer tokens, without `dpop`. Default none. */
  readonly client?: Client
  /** The APIs that tokens can be asked for, by the name that requests have for them. */
  readonly targets: Readonly<Record<string, Target>>
  /** Who may ask. */
  readonly callers: Callers
  /**
   * Verifies actor tokens, `createVerifier({ accept: ['machine'], … })`; one that is not the client's own is refused.
   * Default every actor token is refused.
   */
  readonly actorVerifier?: Verifier<Access>
  /** The https origin under which this endpoint's server is called; with it there is metadata. Default none. */
  readonly baseUrl?: string
  /** The longest body that is read, in bytes. 1 024 to 1 048 576. Default 65 536. */
  readonly maxBodyBytes?: number
  /** Is told of every request that gets no token, for the operator's log. Default nobody is told. */
  readonly onRefusal?: (refusal: TokenRefusal) => void
  /** The time. Default the machine's. */
  readonly clock?: Clock
}

/** A request that got no token; without tokens, secrets and claims. */
export interface TokenRefusal extends Pick<OAuthFault, 'status' | 'error' | 'description' | 'cause'> {
  /** Who asked; undefined where callers have no names, or before they had shown theirs. */
  readonly caller: string | undefined
}

/** {@link TokenEndpointOptions}, checked and complete. */
export interface TokenEndpointSettings
  extends Pick<TokenEndpointOptions, 'verifier' | 'actorVerifier' | 'callers' | 'baseUrl' | 'onRefusal'> {
  readonly targets: ReadonlyMap<string, CompleteTarget>
  readonly maxBodyBytes: number
  readonly clock: Clock
}

const aClient = anObjectWithMethods('a client', 'acquireToken')
const aVerifier = anObjectWithMethods('a verifier', 'verify', 'loadKeys', 'keyStatus')

/** What a {@link Target} must be. */
export const targetRules: OptionRules<keyof Target> = {
  client: aClient,
  resource: {
    expected: "an audience in the hook's resources, or false where the hook has none",
    holds: (value) => value === false || (typeof value === 'string' && isPartyName(value)),
  },
  scopes: aListOf('scopes', isScopeToken),
}

/** What {@link TokenEndpointOptions} must be, as far as it can be said one by one. */
export const tokenEndpointRules: OptionRules<keyof TokenEndpointOptions> = {
  verifier: { ...aVerifier, required: true },
  client: aClient,
  targets: {
    required: true,
    expected: 'an object of APIs by name, at least one',
    holds: (value) =>
      isObject(value) && Object.keys(value).length > 0 && Object.keys(value).every(isPartyName),
  },
  callers: { ...callersRule, required: true },
  actorVerifier: aVerifier,
  baseUrl: {
    expected: 'an https origin such as https://sidecar.example, without a path',
    holds: (value) =>
      typeof value === 'string' &&
      isTrustworthyUrl(value) &&
      new URL(value).origin === value &&
      value.startsWith('https:'),
  },
  maxBodyBytes: aWholeNumber(1_024, 1_048_576),
  onRefusal: aFunction,
  clock: aClock,
}

/**
 * Says what is wrong with the options of a token endpoint, one line each.
 *
 * @param isServed - whether it is served by `startSidecar`, which sees certificates
 */
export function findTokenEndpointFaults(options: unknown, isServed: boolean): readonly string[] {
  const faults = [...findOptionFaults(options, tokenEndpointRules)]
  if (!isObject(options)) return faults
  const given: Readonly<Record<string, unknown>> = { ...options }
  const { client, targets, callers } = given
  if (callers === 'certificate' && !isServed)
    faults.push("callers: expected 'certificate' where startSidecar serves, which sees certificates")
  if (bindsTokens(client)) faults.push(`client: ${bearerOnly}`)
  for (const [name, target] of isObject(targets) ? Object.entries<unknown>({ ...targets }) : []) {
    const at = `targets[${JSON.stringify(name)}]`
    faults.push(...findOptionFaults(target, targetRules).map((fault) => `${at}.${fault}`))
    const own: unknown = isObject(target) && 'client' in target ? target.client : undefined
    if (own === undefined && client === undefined)
      faults.push(`${at}.client: missing; expected ${aClient.expected}, here or for all targets`)
    if (bindsTokens(own)) faults.push(`${at}.client: ${bearerOnly}`)
  }
  return faults
}

const bearerOnly = 'expected one without dpop: nobody else has the key that its tokens are bound to'

function bindsTokens(client: unknown): boolean {
  return isObject(client) && 'tokenType' in client && client.tokenType === 'DPoP'
}

/**
 * Checks options and fills in their defaults.
 *
 * @throws TypeError - names everything that is missing, unknown or unusable
 */
export function resolveTokenEndpointOptions(
  options: TokenEndpointOptions,
  isServed: boolean,
): TokenEndpointSettings {
  refuseOptions('createTokenEndpoint', findTokenEndpointFaults(options, isServed))
  const targets = Object.entries(options.targets).flatMap(
    ([name, { client = options.client, resource = name, scopes }]): [string, CompleteTarget][] =>
      client === undefined
        ? []
        : [[name, { client, resource: resource === false ? undefined : resource, scopes }]],
  )
  return {
    ...options,
    targets: new Map(targets),
    maxBodyBytes: options.maxBodyBytes ?? 65_536,
    clock: options.clock ?? systemClock,
  }
}
