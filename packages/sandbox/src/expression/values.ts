import type { Json } from '../org/json.ts'

/** An expression that has no value for this person and app, because an operand is of the wrong kind. */
export class NoValue extends Error {}

const maxTextLength = 10_000

/** Takes a text; a number will do. */
export function asText(value: Json): string {
  if (typeof value !== 'string' && typeof value !== 'number') throw new NoValue()
  return bounded(String(value))
}

/** Gives a text back, unless it has grown beyond what a claim may be. */
export function bounded(text: string): string {
  requireLength(text.length)
  return text
}

/** Ends what would make a text longer than a claim may be, before it is made. */
export function requireLength(length: number): void {
  if (length > maxTextLength) throw new NoValue()
}

/** Takes a whole number from `least` to `most`. */
export function asWhole(value: Json, least: number, most: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most)
    throw new NoValue()
  return value
}

/** Takes a list. */
export function asList(value: Json): readonly Json[] {
  if (!Array.isArray(value)) throw new NoValue()
  return value
}

/** Takes true or false. */
export function asCondition(value: Json): boolean {
  if (typeof value !== 'boolean') throw new NoValue()
  return value
}
