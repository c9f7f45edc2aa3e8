/** A value that JSON can express. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject

/** A JSON object; every member may be absent. */
export interface JsonObject {
  readonly [name: string]: Json | undefined
}

/** Says whether a value is a JSON object, not an array and not null. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
