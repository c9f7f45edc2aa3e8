import { type Json, type JsonObject, setMember } from '../org/json.ts'
import { type OktaFacts, plays } from '../org/okta-facts.ts'
import { parseArrayIndex } from './patch-path.ts'

type Container = JsonObject | Json[]

/** Says whether the claims hold a value at this pointer. */
export function hasClaim(claims: JsonObject, pointer: readonly string[]): boolean {
  return findClaim(claims, pointer) !== undefined
}

/** Adds or replaces the value at the pointer; an array takes an index up to its length, or `-` for its end. */
export function addClaim(
  claims: JsonObject,
  pointer: readonly string[],
  value: Json,
  facts: OktaFacts = {},
): boolean {
  const place = locate(claims, pointer)
  if (place === undefined) return false
  const { container, name } = place
  if (!Array.isArray(container)) {
    setMember(container, name, value)
    return true
  }
  const index = name === '-' ? container.length : indexOf(name, facts)
  const isBeyond = index !== undefined && index > container.length
  if (index === undefined || (isBeyond && !plays(facts, 'index-beyond-end', 'applied'))) return false
  container.splice(index, 0, value)
  return true
}

/** Replaces the value at the pointer, which must exist. */
export function replaceClaim(claims: JsonObject, pointer: readonly string[], value: Json): boolean {
  const place = locate(claims, pointer)
  if (place === undefined || memberOf(place.container, place.name) === undefined) return false
  const { container, name } = place
  if (Array.isArray(container)) container[Number(name)] = value
  else setMember(container, name, value)
  return true
}

/** Removes the value at the pointer, which must exist. */
export function removeClaim(claims: JsonObject, pointer: readonly string[]): boolean {
  const place = locate(claims, pointer)
  if (place === undefined || memberOf(place.container, place.name) === undefined) return false
  const { container, name } = place
  if (Array.isArray(container)) container.splice(Number(name), 1)
  else delete container[name]
  return true
}

function locate(
  claims: JsonObject,
  pointer: readonly string[],
): { readonly container: Container; readonly name: string } | undefined {
  const name = pointer.at(-1)
  const container = findClaim(claims, pointer.slice(0, -1))
  if (name === undefined || typeof container !== 'object' || container === null) return undefined
  return { container, name }
}

function findClaim(claims: JsonObject, pointer: readonly string[]): Json | undefined {
  let value: Json | undefined = claims
  for (const segment of pointer) {
    if (typeof value !== 'object' || value === null) return undefined
    value = memberOf(value, segment)
  }
  return value
}

function indexOf(name: string, facts: OktaFacts): number | undefined {
  const isLenient = plays(facts, 'index-leading-zero', 'applied')
  return parseArrayIndex(isLenient ? name.replace(/^0+(?=\d)/, '') : name)
}

function memberOf(container: Container, name: string): Json | undefined {
  if (!Array.isArray(container)) return Object.hasOwn(container, name) ? container[name] : undefined
  const index = parseArrayIndex(name)
  return index === undefined ? undefined : container[index]
}
