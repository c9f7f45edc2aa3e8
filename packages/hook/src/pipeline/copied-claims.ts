import type { Json, JsonObject } from '@behalf/core'
import { isJsonObject } from '@behalf/core/internal'
import { alwaysCopied, type ClaimSelection, dangerousNames, neverCopied } from '../config/claims.ts'
import type { Assertion } from './exchange.ts'

const omitted: ReadonlySet<string> = new Set([...neverCopied, ...dangerousNames])

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
