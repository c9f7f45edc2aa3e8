/** Returns a member of a value that may be anything, to see what it is meant to be. */
export function memberOf(value: unknown, name: string): unknown {
  return Object(value)[name]
}
