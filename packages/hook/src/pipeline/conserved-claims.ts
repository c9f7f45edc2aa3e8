import type { Json, JsonObject } from '@behalf/core'
import { isJsonObject } from '@behalf/core/internal'
import { alwaysCopied, type ClaimSelection, dangerousNames, neverCopied } from '../config/claims.ts'
import type { Assertion } from './exchange.ts'

const omitted: ReadonlySet<string> = new Set([...neverCopied, ...dangerousNames])

/**
 * Returns the value of the claim `assertion`: what is to be known of the user's own token at API B and at later hops. At the first
 * hop the configuration selects it; from then on it stays as it is, but for `exp`, which is when the delegation really ends
 * and may only become earlier.
 *
 * @param permitted - the names that the policy leaves of those that are selected; all by default
 */
export function conservedClaims(
  { claims, isOwn, stableClaims }: Pick<Assertion, 'claims' | 'isOwn' | 'stableClaims'>,
  expiresAt: number,
  selection: ClaimSelection,
  permitted?: readonly string[],
): JsonObject {
  return isOwn
    ? selected(claims, stableClaims, expiresAt, selection, permitted)
    : narrowed(claims, stableClaims, expiresAt, permitted)
}

function narrowed(
  claims: JsonObject,
  stableClaims: readonly string[],
  expiresAt: number,
  permitted: readonly string[] | undefined,
): JsonObject {
  const kept: Record<string, Json | undefined> = {}
  for (const name of Object.keys(claims))
    if (
      permitted === undefined ||
      alwaysCopied.has(name) ||
      stableClaims.includes(name) ||
      permitted.includes(name)
    )
      kept[name] = claims[name]
  return { ...kept, exp: expiresAt }
}

function selected(
  claims: JsonObject,
  stableClaims: readonly string[],
  expiresAt: number,
  selection: ClaimSelection,
  permitted: readonly string[] | undefined,
): JsonObject {
  const { rename } = selection
  // A name that was given to one claim never comes from another, whether or not the one is there.
  const given = new Set(rename.values())
  const copied: Record<string, Json | undefined> = {}
  for (const name of Object.keys(claims)) {
    if (omitted.has(name)) continue
    const isAlwaysCopied = alwaysCopied.has(name) || stableClaims.includes(name)
    const isSelected = selects(selection, name) && permitted?.includes(name) !== false
    if (!isSelected && !isAlwaysCopied) continue
    const value = name === 'exp' ? expiresAt : withoutDangerousNames(claims[name])
    const newName = rename.get(name)
    if (newName !== undefined) copied[newName] = value
    if ((newName === undefined || isAlwaysCopied) && !given.has(name)) copied[name] = value
  }
  return copied
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
