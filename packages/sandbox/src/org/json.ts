/** A value that JSON can express. */
export type Json = null | boolean | number | string | Json[] | JsonObject

/** A JSON object; every member may be absent. */
export interface JsonObject {
  [name: string]: Json | undefined
}

/** Says whether a value is a JSON object, not an array and not null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Sets an own member, whatever its name: `__proto__` is a name like any other. */
export function setMember(object: JsonObject, name: string, value: Json): void {
  Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true })
}

/** Returns a deep copy that shares nothing with the original and keeps members of every name. */
export function cloneJson(object: JsonObject): JsonObject {
  const copy: unknown = JSON.parse(JSON.stringify(object))
  if (!isJsonObject(copy)) throw new TypeError('a JSON object was expected')
  return copy
}
