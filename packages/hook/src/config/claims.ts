import type { Dialect } from '@behalf/core/internal'
import * as v from 'valibot'
import type { ConfigFault } from '../errors/config-error.ts'
import { closedObject } from '../errors/schema-faults.ts'
import { relation, type SectionSchema } from './section.ts'
import { recordOf, text, wholeNumberOr } from './values.ts'

/** Selects the claims of a user's own token that the claim `assertion` conserves, from the first hop to the last. */
export interface ClaimsConfig {
  /** `'all'`, or the names to copy. Default `'all'`. */
  readonly include?: 'all' | readonly string[] | undefined
  /** Names not to copy, of those that `include` selects; those that are always there stay. Default none. */
  readonly exclude?: readonly string[] | undefined
  /** New names by the assertion's names, e.g. `{ email: 'mail' }`; those that are always there keep theirs. Default none. */
  readonly rename?: Readonly<Record<string, string>> | undefined
  /**
   * The largest patch, in bytes of its JSON; larger ones are denied with `claims_too_large`. 256 to 131 072.
   * Default 4 096.
   */
  readonly maxBytes?: number | undefined
}

/** Which claims are copied, and under which names. */
export interface ClaimSelection {
  readonly include: 'all' | ReadonlySet<string>
  readonly exclude: ReadonlySet<string>
  /** From the assertion's name to the name under `assertion`. */
  readonly rename: ReadonlyMap<string, string>
}

export type ResolvedClaims = ClaimSelection & { readonly maxBytes: number }

/** Moved to the top level, or binding the token to a key that is not API A's. */
export const neverCopied: ReadonlySet<string> = new Set(['act', 'cnf'])
/** Copied whatever the configuration says: later hops and API B check the delegation by them. */
export const alwaysCopied: ReadonlySet<string> = new Set(['iss', 'sub', 'exp', 'iat', 'jti', 'may_act'])
/** Names that turn into something else when a careless reader copies them between objects. */
export const dangerousNames: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

const all = v.literal('all')
const listedClaims = v.array(text, "must be 'all' or a list of claim names")

const members = closedObject({
  include: v.optional(
    v.lazy((input) => (input === 'all' ? all : listedClaims)),
    'all',
  ),
  exclude: v.optional(v.array(text, 'must be a list of claim names'), []),
  rename: v.optional(recordOf(text, text, 'must be an object of new names by old names'), {}),
  maxBytes: wholeNumberOr(4_096, 256, 131_072),
})

export const claims: SectionSchema<ClaimsConfig, ResolvedClaims> = v.pipe(
  members,
  relation<v.InferOutput<typeof members>, 'rename'>(['rename'], findUnusableNames),
  v.transform(({ include, exclude, rename, maxBytes }) => ({
    include: include === 'all' ? include : new Set(include),
    exclude: new Set(exclude),
    rename: new Map(Object.entries(rename)),
    maxBytes,
  })),
)

/**
 * Finds new names that cannot be given: claims that API B needs cannot be renamed or covered up, those that are never
 * copied cannot come in by another door, and two claims cannot share a name.
 */
function findUnusableNames({
  rename,
}: {
  readonly rename: Readonly<Record<string, string>>
}): readonly ConfigFault[] {
  const targets = Object.values(rename)
  return Object.entries(rename).flatMap(([from, to]) => {
    const path = `rename['${from}']`
    if (alwaysCopied.has(from)) return [{ path, problem: 'keeps its name, because API B reads it' }]
    if (neverCopied.has(from)) return [{ path, problem: 'is never copied' }]
    if (alwaysCopied.has(to) || neverCopied.has(to) || dangerousNames.has(to))
      return [{ path, problem: 'must be given another name; this one has a meaning of its own' }]
    return targets.indexOf(to) === targets.lastIndexOf(to)
      ? []
      : [{ path, problem: 'is given the name of another claim' }]
  })
}

/** Finds new names that would cover up what identifies a user for good, by which cut-offs find them. */
export function findCoveredIdentities({
  claims: { rename },
  issuers,
}: {
  readonly claims: Pick<ClaimSelection, 'rename'>
  readonly issuers: readonly { readonly dialect: Pick<Dialect, 'stableClaims'> | undefined }[]
}): readonly ConfigFault[] {
  const stable = new Set(issuers.flatMap(({ dialect }) => dialect?.stableClaims ?? []))
  return [...rename]
    .filter(([, to]) => stable.has(to) && !alwaysCopied.has(to))
    .map(([from]) => ({
      path: `claims.rename['${from}']`,
      problem: 'must be given another name; this one identifies users for good',
    }))
}
