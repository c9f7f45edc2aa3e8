/** Checks a part of a document and yields what is wrong with it, each with its path. */
export type Shape = (value: unknown, path: string) => Iterable<string>

/** A text that is not empty. */
export const text: Shape = function* (value, path) {
  if (typeof value !== 'string' || value === '') yield `${path}: expected a text`
}

/** A number. */
export const number: Shape = function* (value, path) {
  if (typeof value !== 'number' || !Number.isFinite(value)) yield `${path}: expected a number`
}

/** True or false. */
export const flag: Shape = function* (value, path) {
  if (typeof value !== 'boolean') yield `${path}: expected true or false`
}

/** Anything. */
export const anything: Shape = () => []

/** One of some texts. */
export const oneOf = (...choices: readonly string[]): Shape =>
  function* (value, path) {
    if (typeof value !== 'string' || !choices.includes(value))
      yield `${path}: expected ${choices.join(' or ')}`
  }

/** A list. */
export const list = (entry: Shape): Shape =>
  function* (value, path) {
    if (!Array.isArray(value)) {
      yield `${path}: expected a list`
      return
    }
    for (const [index, item] of value.entries()) yield* entry(item, `${path}[${index}]`)
  }

/** Whichever shape the value fits by its type: `choose` says which. */
export const either =
  (choose: (value: unknown) => Shape): Shape =>
  (value, path) =>
    choose(value)(value, path)

/** What an object has: required members, optional ones, and whether it may have others. */
export interface Members {
  readonly required?: Readonly<Record<string, Shape>>
  readonly optional?: Readonly<Record<string, Shape>>
  readonly others?: Shape
}

/** An object. */
export const object = ({ required = {}, optional = {}, others }: Members): Shape =>
  function* (value, path) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      yield `${path}: expected an object`
      return
    }
    const at = (name: string): string => (path === '' ? name : `${path}.${name}`)
    const known: Readonly<Record<string, Shape>> = { ...required, ...optional }
    for (const name of Object.keys(required)) {
      if (!Object.hasOwn(value, name)) yield `${at(name)}: is missing`
    }
    for (const [name, member] of Object.entries(value)) {
      const shape = Object.hasOwn(known, name) ? known[name] : others
      if (shape === undefined) yield `${at(name)}: is not known; expected ${Object.keys(known).join(', ')}`
      else yield* shape(member, at(name))
    }
  }
