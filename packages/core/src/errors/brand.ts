/** A class, as far as marking it goes. */
interface Marked {
  readonly prototype: object
}

/**
 * Makes `instanceof` go by a mark that every copy of a class shares, for the class itself and not for those that extend
 * it: an application may load one copy with `import` and another with `require`.
 *
 * @param name - names the class for good, e.g. `@behalf/core BehalfError`
 */
export function brand(marked: Marked, name: string): void {
  const mark = Symbol.for(name)
  const isInstance = Function.prototype[Symbol.hasInstance]
  Object.defineProperty(marked.prototype, mark, { value: true })
  Object.defineProperty(marked, Symbol.hasInstance, {
    value(this: unknown, value: unknown): boolean {
      if (this !== marked) return isInstance.call(this, value)
      return typeof value === 'object' && value !== null && mark in value
    },
  })
}
