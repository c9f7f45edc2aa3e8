/** Writes into a value and all that it holds, by ways that do not throw: whoever is given the same next would see it. */
export function spoil(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  for (const name of Object.keys(value)) {
    spoil(Reflect.get(value, name))
    Reflect.set(value, name, 'spoilt')
  }
  Reflect.set(value, Array.isArray(value) ? value.length : 'spoilt', 'spoilt')
  Reflect.setPrototypeOf(value, { spoilt: 'spoilt' })
}
