import { isJsonObject, type Json, type JsonObject } from '@behalf/core'
import type { ClaimSelection } from '../config/resolved-config.ts'
import type { Assertion } from '../pipeline/exchange.ts'

/** Moved to the top level, limiting who may act for this token only, or binding it to a key that is not API A's. */
const neverCopied: ReadonlySet<string> = new Set(['act', 'may_act', 'cnf'])
/** Copied whatever the configuration says: API B needs them to check the delegation. */
const alwaysCopied: ReadonlySet<string> = new Set(['iss', 'sub', 'exp', 'jti'])
/** Names that turn into something else when a careless reader copies them between objects. */
const dangerousNames: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * The value of the claim `assertion`: the verified claims that are to be seen at API B. `exp` is when the
 * assertion really ends, see {@link Assertion.expiresAt}.
 */
export function copiedClaims({ claims, expiresAt }: Assertion, selection: ClaimSelection): JsonObject {
  const copied: [string, Json | undefined][] = []
  for (const [name, value] of Object.entries(claims)) {
    if (neverCopied.has(name) || dangerousNames.has(name)) continue
    if (alwaysCopied.has(name) || isSelected(name, selection)) {
      copied.push([name, name === 'exp' ? expiresAt : withoutDangerousNames(value)])
    }
  }
  return Object.fromEntries(copied)
}

function isSelected(name: string, { include, exclude }: ClaimSelection): boolean {
  return (include === 'all' || include.has(name)) && !exclude.has(name)
}

/** Nesting is bounded by the parser. */
function withoutDangerousNames(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return value.map((item) => withoutDangerousNames(item) ?? null)
  if (!isJsonObject(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !dangerousNames.has(name))
      .map(([name, member]) => [name, withoutDangerousNames(member)]),
  )
}
