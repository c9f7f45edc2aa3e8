import * as v from 'valibot'
import { isJsonObject, type Json, type JsonObject } from '../org/json.ts'
import type { Shape } from './shape.ts'

const maxDepth = 32

/** Anything that JSON can express, at most 32 levels deep. */
export const json: Shape<Json> = v.custom<Json>((value) => isJson(value, maxDepth), 'expected JSON')

/** An object that JSON can express, at most 32 levels deep. */
export const jsonObject: Shape<JsonObject> = v.custom<JsonObject>(
  (value) => isJsonObject(value) && isJson(value, maxDepth),
  'expected a JSON object',
)

function isJson(value: unknown, depth: number): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || depth === 0) return false
  if (!Array.isArray(value) && !isPlain(value)) return false
  return Object.values(value).every((member) => isJson(member, depth - 1))
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
