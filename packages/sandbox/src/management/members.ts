import { invalid } from '../http/api-fault.ts'
import { isJsonObject, type Json, type JsonObject } from '../org/json.ts'

/** Returns a member that must be a text that is not empty. */
export function requireText(document: JsonObject, member: string, path: string = member): string {
  const value = document[member]
  if (typeof value !== 'string' || value === '') throw invalid(path, 'The field cannot be left blank')
  return value
}

/** Returns a member that must be an object. */
export function requireObject(document: JsonObject, member: string, path: string = member): JsonObject {
  const value = document[member]
  if (!isJsonObject(value)) throw invalid(path, 'The field cannot be left blank')
  return value
}

/** Returns a member that is an object, or an empty one. */
export function objectOr(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {}
}

/** Returns the texts of a member that is a list of texts; none when it is absent. */
export function texts(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : []
}

/** Returns a member that is a text, or what stands for it. */
export function textOr<Fallback>(value: Json | undefined, fallback: Fallback): string | Fallback {
  return typeof value === 'string' ? value : fallback
}
