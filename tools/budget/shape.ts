/** A text of a certain kind that is hard to read, in any length. */
export interface Shape {
  readonly name: string
  /** @param length - in characters, about */
  readonly write: (length: number) => string
}

/** Repeats something until a length is reached. */
export function filled(name: string, unit: string, before = '', after = ''): Shape {
  return {
    name,
    write: (length) =>
      before +
      unit.repeat(Math.max(0, Math.floor((length - before.length - after.length) / unit.length))) +
      after,
  }
}
