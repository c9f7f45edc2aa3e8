import type { Json, JsonObject } from '@behalf/core'
import { isJsonObject } from '@behalf/core/internal'

/** Returns the member at the end of a path through nested objects; undefined when there is none. */
export function memberAt(document: JsonObject, ...path: readonly string[]): Json | undefined {
  let value: Json | undefined = document
  for (const name of path) value = isJsonObject(value) ? value[name] : undefined
  return value
}

/** Returns the text at the end of a path; empty when there is none. */
export function textAt(document: JsonObject, ...path: readonly string[]): string {
  const value = memberAt(document, ...path)
  return typeof value === 'string' ? value : ''
}

/** Returns the texts of the list at the end of a path. */
export function textsAt(document: JsonObject, ...path: readonly string[]): readonly string[] {
  const value = memberAt(document, ...path)
  return Array.isArray(value) ? value.filter((member) => typeof member === 'string') : []
}

/** Returns a copy in which the member at the end of a path is another; objects on the way are made as needed. */
export function withMember(
  document: JsonObject,
  [name, ...rest]: readonly string[],
  value: Json | undefined,
): JsonObject {
  if (name === undefined) return document
  const current = document[name]
  const { [name]: _, ...others } = document
  if (rest.length > 0)
    return { ...document, [name]: withMember(isJsonObject(current) ? current : {}, rest, value) }
  return value === undefined ? others : { ...document, [name]: value }
}
