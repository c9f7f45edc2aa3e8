import { lookOf } from '@behalf/core/internal'
import type { ConfigFault } from '../errors/config-error.ts'
import type { ResolvedIssuer } from './issuers.ts'

/** Issuers of users' tokens that vouch for the same people. */
interface Group {
  readonly issuers: readonly { readonly issuer: ResolvedIssuer; readonly index: number }[]
}

/**
 * Finds what would let users of two issuers meet under one name: of the groups of issuers that vouch for different people
 * one alone may leave subjects as they are, no prefix may begin with another's, no function serves two, and issuers of one
 * org map alike.
 */
export function findMeetingUsers({
  issuers,
}: {
  readonly issuers: readonly ResolvedIssuer[]
}): readonly ConfigFault[] {
  const groups = groupByOrg(issuers)
  const faults = groups.flatMap(findUnlikeMappings)
  const unmapped = groups.filter(({ issuers: [first] }) => first?.issuer.subject === undefined)
  if (unmapped.length > 1) {
    for (const {
      issuers: [first],
    } of unmapped.slice(1))
      if (first !== undefined)
        faults.push({
          path: `issuers[${first.index}].subject`,
          problem:
            'is missing: its users could be called like those of another issuer; say { prefix } or a function, or the same org for both',
        })
  }
  return [...faults, ...findSharedFunctions(groups), ...findMixedPrefixes(groups)]
}

function groupByOrg(issuers: readonly ResolvedIssuer[]): readonly Group[] {
  const groups = new Map<string, { issuer: ResolvedIssuer; index: number }[]>()
  issuers.forEach((issuer, index) => {
    if (issuer.tokens !== 'user') return
    // An issuer is a URL and an org any name, so the two are kept apart.
    const key = issuer.org === undefined ? `issuer ${issuer.issuer}` : `org ${issuer.org}`
    groups.set(key, [...(groups.get(key) ?? []), { issuer, index }])
  })
  return [...groups.values()].map((members) => ({ issuers: members }))
}

function findUnlikeMappings({ issuers: [first, ...others] }: Group): ConfigFault[] {
  return others.flatMap(({ issuer, index }) =>
    first === undefined || mapsAlike(first.issuer, issuer)
      ? []
      : [
          {
            path: `issuers[${index}].subject`,
            problem: 'differs from that of another issuer of the same org',
          },
        ],
  )
}

function mapsAlike({ subject: one }: ResolvedIssuer, { subject: other }: ResolvedIssuer): boolean {
  return (
    one === other || (typeof one === 'object' && typeof other === 'object' && one.prefix === other.prefix)
  )
}

/** One function calls two users of one name alike; of two functions nobody can tell what they make. */
function findSharedFunctions(groups: readonly Group[]): readonly ConfigFault[] {
  const functions = groups.flatMap(({ issuers: [first] }) =>
    first !== undefined && typeof first.issuer.subject === 'function'
      ? [{ index: first.index, mapping: first.issuer.subject }]
      : [],
  )
  return functions
    .filter(({ mapping }, position) => functions.findIndex((other) => other.mapping === mapping) < position)
    .map(({ index }) => ({
      path: `issuers[${index}].subject`,
      problem: 'is the function of another issuer, too, so that users of the two would be called alike',
    }))
}

/** Where one prefix begins another, a user of the one could be called like a user of the other. */
function findMixedPrefixes(groups: readonly Group[]): readonly ConfigFault[] {
  const prefixes = groups.flatMap(({ issuers: [first] }, group) => {
    const subject = first?.issuer.subject
    return first !== undefined && typeof subject === 'object'
      ? [{ group, index: first.index, prefix: subject.prefix }]
      : []
  })
  return prefixes
    .filter(({ group, prefix }) =>
      prefixes.some((other) => other.group !== group && lookOf(prefix).startsWith(lookOf(other.prefix))),
    )
    .map(({ index }) => ({
      path: `issuers[${index}].subject.prefix`,
      problem: 'begins with the prefix of another issuer, so that users of the two could be called alike',
    }))
}
