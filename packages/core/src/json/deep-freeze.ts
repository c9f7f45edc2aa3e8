import type { Json } from './json.ts'

/** Freezes a value and all that is in it, because several will read it. */
export function deepFreeze(value: Json | undefined): void {
  if (typeof value !== 'object' || value === null) return
  Object.freeze(value)
  for (const member of Object.values(value)) deepFreeze(member)
}
