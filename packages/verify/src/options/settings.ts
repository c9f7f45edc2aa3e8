import { type Clock, type RevocationOptions, type SignatureAlgorithm, systemClock } from '@behalf/core'
import {
  type Dialect,
  defaultClockToleranceSeconds,
  defaultMaxActorDepth,
  findDialectFaults,
  findOptionFaults,
  isObject,
  type OptionRules,
  readInsecureHosts,
  refuseOptions,
  resolveDialect,
} from '@behalf/core/internal'
import { AssertionIssuers } from '../access/assertion-issuers.ts'
import type { IssuedKind } from '../access/token-kind.ts'
import { verifierRules } from './option-rules.ts'
import {
  findAssertionIssuerFaults,
  findDialectFault,
  findIssuerFaults,
  findKindFaults,
  findReplayCacheFaults,
  findUnstatedOrgs,
  place,
} from './relations.ts'
import type { VerifierIssuer, VerifierOptions } from './verifier-options.ts'

/** An issuer with its defaults filled in. */
export interface IssuerSettings {
  readonly issuer: string
  readonly audiences: readonly string[]
  readonly algorithms: readonly SignatureAlgorithm[]
  readonly jwksUri: string | undefined
  /** Undefined where machine tokens alone are accepted. */
  readonly tokens: IssuedKind | undefined
  readonly dialect: Dialect | undefined
  /** Whose people it vouches for, where that is stated. */
  readonly org: string | undefined
}

/** {@link VerifierOptions}, checked and complete as far as they depend on each other. */
export interface VerifierSettings {
  readonly issuers: readonly IssuerSettings[]
  readonly acceptsMachines: boolean
  readonly assertionIssuers: AssertionIssuers
  readonly maxActorDepth: number
  readonly clockToleranceSeconds: number
  readonly maxTokenBytes: number
  readonly clock: Clock
  readonly revocation: RevocationOptions | undefined
}

/**
 * Checks options and fills in their defaults.
 *
 * @throws TypeError - names everything that is missing, unknown or unusable, or does not fit together, without values
 */
export function resolveVerifierOptions(options: VerifierOptions): VerifierSettings {
  const insecureHosts = readInsecureHosts(options)
  const rules = verifierRules(insecureHosts)
  const faults = [...findOptionFaults(options, rules)]
  // What fits together is looked at for the members that can be used, so that all faults are told at once.
  const usable = isObject(options) ? withoutUnusable(options, rules) : options
  const { accept = ['delegated'], assertionIssuers, clock = systemClock } = usable
  const issued = accept.filter((kind) => kind !== 'machine')
  const listed = listIssuers(usable)
  const issuers = listed.map((issuer) => resolveIssuer(issuer, usable, issued))
  const kindsAreUsable = options.accept === usable.accept
  refuseOptions('createVerifier', [
    ...faults,
    ...findIssuerFaults(options, usable, listed, insecureHosts),
    ...(kindsAreUsable ? findKindFaults(usable, listed, issued) : []),
    ...findReplayCacheFaults(usable),
    ...findAssertionIssuerFaults(assertionIssuers, kindsAreUsable ? issued : ['delegated'], insecureHosts),
    ...findUnstatedOrgs(usable, issuers),
    ...issuers.flatMap(({ tokens, dialect }, index) =>
      findDialectFault(tokens, dialect, place(usable, index)),
    ),
  ])
  const delegating = issuers.filter(({ tokens }) => tokens === 'delegated').map(({ issuer }) => issuer)
  return {
    issuers,
    acceptsMachines: accept.includes('machine'),
    assertionIssuers: new AssertionIssuers(assertionIssuers, delegating),
    maxActorDepth: options.maxActorDepth ?? defaultMaxActorDepth,
    clockToleranceSeconds: options.clockToleranceSeconds ?? defaultClockToleranceSeconds,
    maxTokenBytes: options.maxTokenBytes ?? 16_384,
    clock,
    revocation: options.revocation,
  }
}

function withoutUnusable(options: VerifierOptions, rules: OptionRules): VerifierOptions {
  const usable: VerifierOptions = { ...options }
  for (const [name, { holds }] of Object.entries(rules))
    if (Object.hasOwn(usable, name) && !holds(Reflect.get(usable, name))) Reflect.deleteProperty(usable, name)
  return usable
}

/** The issuers, each as if it had been listed. */
function listIssuers({
  issuer,
  issuers,
  dialect,
  org,
  jwksUri,
  algorithms,
}: VerifierOptions): readonly VerifierIssuer[] {
  if (issuers !== undefined) return issuers
  if (issuer === undefined) return []
  return [
    {
      issuer,
      ...(dialect === undefined ? {} : { dialect }),
      ...(org === undefined ? {} : { org }),
      ...(jwksUri === undefined ? {} : { jwksUri }),
      ...(algorithms === undefined ? {} : { algorithms }),
    },
  ]
}

function resolveIssuer(
  { issuer, audience, dialect, org, jwksUri, algorithms, tokens }: VerifierIssuer,
  options: VerifierOptions,
  issued: readonly IssuedKind[],
): IssuerSettings {
  const [onlyKind, ...otherKinds] = issued
  return {
    issuer,
    audiences: [audience ?? options.audience ?? []].flat(),
    algorithms: algorithms ?? options.algorithms ?? ['RS256'],
    jwksUri,
    org,
    tokens: tokens ?? (otherKinds.length === 0 ? onlyKind : undefined),
    dialect:
      isObject(dialect) && findDialectFaults(dialect).length > 0
        ? undefined
        : resolveDialect(issuer, dialect),
  }
}
