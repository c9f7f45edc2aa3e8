import {
  aNameOrNames,
  aPlainUrl,
  type Dialect,
  dialects,
  findOptionFaults,
  type InsecureHosts,
  isObject,
  resolveDialect,
} from '@behalf/core/internal'
import { findPrefixFaults } from '../access/assertion-issuers.ts'
import type { IssuedKind } from '../access/token-kind.ts'
import { aDialect, assertionIssuerRules, issuerRules } from './option-rules.ts'
import type { IssuerSettings } from './settings.ts'
import type { VerifierIssuer, VerifierOptions } from './verifier-options.ts'

/** Says what is wrong with the issuers, one by one and beside each other. */
export function findIssuerFaults(
  given: VerifierOptions,
  options: VerifierOptions,
  listed: readonly VerifierIssuer[],
  insecureHosts: InsecureHosts,
): readonly string[] {
  const { issuer, issuers, audience } = options
  if (!isObject(given)) return []
  if (!Object.hasOwn(given, 'issuer') && !Object.hasOwn(given, 'issuers'))
    return ['issuer: missing; expected it or issuers', ...findMissingAudience(given)]
  const faults = (issuers ?? []).flatMap((entry, index) =>
    findOptionFaults(entry, issuerRules(insecureHosts)).map((fault) => `issuers[${index}].${fault}`),
  )
  if (issuer !== undefined && issuers !== undefined) faults.push('issuer: expected it or issuers, not both')
  for (const name of ['dialect', 'org', 'jwksUri'] as const)
    if (issuers !== undefined && options[name] !== undefined)
      faults.push(`${name}: expected within each of issuers, which it belongs to`)
  if (!Object.hasOwn(given, 'issuers')) faults.push(...findMissingAudience(given))
  listed.forEach((entry, index) => {
    if (issuers !== undefined && entry.audience === undefined && audience === undefined)
      faults.push(`issuers[${index}].audience: missing; expected ${aNameOrNames.expected}`)
    if (listed.findIndex((other) => other.issuer === entry.issuer) < index)
      faults.push(`issuers[${index}].issuer: expected one entry an issuer`)
  })
  return faults
}

function findMissingAudience(given: VerifierOptions): readonly string[] {
  return Object.hasOwn(given, 'audience') ? [] : [`audience: missing; expected ${aNameOrNames.expected}`]
}

/** Checks that a token is read as one kind alone, so it must be clear as which. */
export function findKindFaults(
  options: VerifierOptions,
  listed: readonly VerifierIssuer[],
  issued: readonly IssuedKind[],
): readonly string[] {
  const faults = listed.flatMap(({ tokens }, index) => {
    const member = `${options.issuers === undefined ? 'issuers[0].' : place(options, index)}tokens`
    if (tokens === undefined)
      return issued.length > 1
        ? [`${member}: missing; accept names several kinds, and an issuer issues one of them`]
        : []
    return issued.includes(tokens) ? [] : [`${member}: expected a kind that accept names`]
  })
  if (issued.length < 2 || faults.length > 0) return faults
  return issued
    .filter((kind) => listed.every(({ tokens }) => tokens !== kind))
    .map((kind) => `accept: expected an issuer that issues ${kind}, or not to accept it`)
}

/** A store remembers in place of this process. */
export function findReplayCacheFaults({ dpop }: VerifierOptions): readonly string[] {
  const { store, maxEntries, storeTimeoutMs } = dpop?.replayCache ?? {}
  return [
    ...(store !== undefined && maxEntries !== undefined
      ? ['dpop.replayCache.maxEntries: expected it or store, not both']
      : []),
    ...(store === undefined && storeTimeoutMs !== undefined
      ? ['dpop.replayCache.storeTimeoutMs: expected a store beside it']
      : []),
  ]
}

/** Users are proven in a dialect alone. */
export function findDialectFault(
  tokens: IssuedKind | undefined,
  dialect: Dialect | undefined,
  at: string,
): readonly string[] {
  if (tokens !== 'user' && tokens !== 'okta-token-exchange') return []
  if (dialect === undefined)
    return [`${at}dialect: missing; expected ${aDialect.expected}, because nothing else proves a user`]
  return tokens === 'okta-token-exchange' && dialect !== dialects.okta
    ? [`${at}dialect: expected okta, whose exchange it is`]
    : []
}

/** Says what is wrong with the issuers of users' own tokens. */
export function findAssertionIssuerFaults(
  assertionIssuers: VerifierOptions['assertionIssuers'],
  issued: readonly IssuedKind[],
  insecureHosts: InsecureHosts,
): readonly string[] {
  if (assertionIssuers === undefined) return []
  const anIssuer = aPlainUrl(insecureHosts)
  const faults = Object.entries(assertionIssuers).flatMap(([issuer, entry]) => [
    ...(anIssuer.holds(issuer)
      ? []
      : [`assertionIssuers: expected issuers as names; each ${anIssuer.expected}`]),
    ...findOptionFaults(entry, assertionIssuerRules).map(
      (fault) => `assertionIssuers[${JSON.stringify(issuer)}].${fault}`,
    ),
  ])
  if (Object.keys(assertionIssuers).length === 0)
    faults.push('assertionIssuers: expected at least one issuer')
  if (!issued.includes('delegated')) faults.push("assertionIssuers: expected accept to name 'delegated'")
  return faults.length > 0 ? faults : findPrefixFaults(assertionIssuers)
}

/** Says for whose users no cut-off would be found: whose people an issuer vouches for has to be stated. */
export function findUnstatedOrgs(
  { revocation, assertionIssuers, ...options }: VerifierOptions,
  issuers: readonly IssuerSettings[],
): readonly string[] {
  if (revocation === undefined) return []
  const faults = issuers.flatMap(({ tokens, org }, index) =>
    tokens === undefined || tokens === 'delegated' || org !== undefined
      ? []
      : [`${place(options, index)}org: missing; expected whose users it vouches for, because of revocation`],
  )
  if (!issuers.some(({ tokens }) => tokens === 'delegated')) return faults
  if (assertionIssuers === undefined)
    return [...faults, 'assertionIssuers: missing; expected it beside revocation, each issuer with its org']
  return [
    ...faults,
    ...Object.entries(assertionIssuers).flatMap(([issuer, entry]) => {
      const { org, dialect } = isObject(entry) ? entry : {}
      const at = `assertionIssuers[${JSON.stringify(issuer)}]`
      const isNamed = dialect !== undefined || resolveDialect(issuer, undefined) !== undefined
      return [
        ...(org === undefined
          ? [`${at}.org: missing; expected whose users it vouches for, because of revocation`]
          : []),
        ...(isNamed ? [] : [`${at}.dialect: missing; expected ${aDialect.expected}, because of revocation`]),
      ]
    }),
  ]
}

/** Says how a fault names the issuer that it is about. */
export function place({ issuers }: VerifierOptions, index: number): string {
  return issuers === undefined ? '' : `issuers[${index}].`
}
