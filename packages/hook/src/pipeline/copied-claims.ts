import type { Json, JsonObject } from '@behalf/core'
import { isJsonObject } from '@behalf/core/internal'
import type { ClaimSelection } from '../config/resolved-config.ts'
import type { ConfigFault } from '../errors/config-error.ts'
import type { Assertion } from './exchange.ts'

/** Moved to the top level, limiting who may act for this token only, or binding it to a key that is not API A's. */
const neverCopied: ReadonlySet<string> = new Set(['act', 'may_act', 'cnf'])
/** Copied whatever the configuration says: API B needs them to check the delegation. */
const alwaysCopied: ReadonlySet<string> = new Set(['iss', 'sub', 'exp', 'jti'])
/** Names that turn into something else when a careless reader copies them between objects. */
const dangerousNames: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])
const omitted: ReadonlySet<string> = new Set([...neverCopied, ...dangerousNames])

/**
 * What is wrong with new names for claims: those that API B needs cannot be renamed or covered up, those
 * that are never copied cannot come in by another door, and two claims cannot share a name.
 */
export function findUnusableNames(rename: Readonly<Record<string, string>>): ConfigFault[] {
  const targets = Object.values(rename)
  return Object.entries(rename).flatMap(([from, to]) => {
    const path = `claims.rename['${from}']`
    if (alwaysCopied.has(from)) return [{ path, problem: 'keeps its name, because API B reads it' }]
    if (neverCopied.has(from)) return [{ path, problem: 'is never copied' }]
    if (alwaysCopied.has(to) || neverCopied.has(to) || dangerousNames.has(to))
      return [{ path, problem: 'must be given another name; this one has a meaning of its own' }]
    return targets.indexOf(to) === targets.lastIndexOf(to)
      ? []
      : [{ path, problem: 'is given the name of another claim' }]
  })
}

/**
 * The value of the claim `assertion`: the verified claims that are to be seen at API B. `exp` is when the
 * delegation really ends.
 *
 * @param permitted - the names that the policy leaves of those that the configuration selects; all by default
 */
export function copiedClaims(
  { claims }: Assertion,
  expiresAt: number,
  selection: ClaimSelection,
  permitted?: readonly string[],
): JsonObject {
  const { rename } = selection
  const copied: Record<string, Json | undefined> = {}
  const renamed: Record<string, Json | undefined> = {}
  for (const name of Object.keys(claims)) {
    if (omitted.has(name)) continue
    const isSelected = selects(selection, name) && permitted?.includes(name) !== false
    if (!isSelected && !alwaysCopied.has(name)) continue
    const newName = rename.size === 0 ? undefined : rename.get(name)
    const value = name === 'exp' ? expiresAt : withoutDangerousNames(claims[name])
    if (newName === undefined) copied[name] = value
    else renamed[newName] = value
  }
  // A name that was configured wins over the same name in the assertion.
  return Object.assign(copied, renamed)
}

function selects({ include, exclude }: ClaimSelection, name: string): boolean {
  return (include === 'all' || include.has(name)) && (exclude.size === 0 || !exclude.has(name))
}

/** Nesting is bounded by the parser. */
function withoutDangerousNames(value: Json | undefined): Json | undefined {
  if (typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map((item) => withoutDangerousNames(item) ?? null)
  if (!isJsonObject(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !dangerousNames.has(name))
      .map(([name, member]) => [name, withoutDangerousNames(member)]),
  )
}
