import * as v from 'valibot'

/** What a value must be like; it is checked, never changed. */
export type Shape<T> = v.GenericSchema<unknown, T>

/** A text that is not empty. */
export const text: Shape<string> = v.pipe(v.string('expected a text'), v.nonEmpty('expected a text'))

/** True or false. */
export const flag: Shape<boolean> = v.boolean('expected true or false')

/** Returns a function; what it does shows when it is called. */
export function functionOf<T>(): Shape<T> {
  return v.custom<T>((value) => typeof value === 'function', 'expected a function')
}

/** Returns a whole number within bounds. */
export function wholeNumber(min: number, max: number): Shape<number> {
  const message = `expected a whole number from ${min} to ${max}`
  return v.pipe(v.number(message), v.integer(message), v.minValue(min, message), v.maxValue(max, message))
}

/** Returns a text that passes a test, or what is expected of it. */
export function textWhere(test: (value: string) => boolean, expected: string): Shape<string> {
  return v.pipe(v.string(expected), v.check(test, expected))
}

/** Returns an absolute URL of at most 1024 characters that begins in one of these ways, or in any. */
export function url(...protocols: readonly string[]): Shape<string> {
  const expected = `expected an ${protocols.length === 0 ? 'absolute' : protocols.join(' or ')} URL of at most 1024 characters`
  return textWhere((value) => {
    const parsed = URL.parse(value)
    const known = protocols.length === 0 || protocols.includes(parsed?.protocol.slice(0, -1) ?? '')
    return parsed !== null && known && value.length <= 1024
  }, expected)
}

/** Returns one of some texts. */
export function oneOf<const T extends readonly string[]>(...choices: T): Shape<T[number]> {
  return v.picklist(choices, `expected ${choices.join(' or ')}`)
}

/** Returns a list. */
export function list<T>(entry: Shape<T>): Shape<T[]> {
  return v.array(entry, 'expected a list')
}

/** Takes whichever shape a value is meant to have; a union would say that it has neither. */
export function either<T>(choose: (value: unknown) => Shape<T>): Shape<T> {
  return v.lazy(choose)
}

/** Makes a member one that may be absent. */
export function optional<T>(member: Shape<T>): v.ExactOptionalSchema<Shape<T>, undefined> {
  return v.exactOptional(member)
}

/** Returns an object with these members and no others. */
export function object<const Members extends v.ObjectEntries>(
  members: Members,
): Shape<v.InferOutput<v.ObjectSchema<Members, undefined>>> {
  const known = Object.keys(members).join(', ')
  return v.lazy((value) =>
    isPlain(value)
      ? v.objectWithRest(inheritingNothing(members), v.never(`is not known; expected ${known}`), 'is missing')
      : notPlain,
  )
}

/** Returns an object with these members, and others that have a shape of their own. */
export function openObject<const Members extends v.ObjectEntries, T>(
  members: Members,
  others: Shape<T>,
): Shape<v.InferOutput<v.ObjectWithRestSchema<Members, Shape<T>, undefined>>> {
  return v.lazy((value) =>
    isPlain(value) ? v.objectWithRest(inheritingNothing(members), others, 'is missing') : notPlain,
  )
}

/** Returns an object whose members all have one shape. */
export function mapOf<T>(member: Shape<T>): Shape<Record<string, T>> {
  return openObject({}, member)
}

const notPlain = v.custom<never>(() => false, 'expected an object, without members like __proto__')

/** Valibot passes over these names without a word, and takes a list for an object without members. */
function isPlain(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !['__proto__', 'constructor', 'prototype'].some((name) => Object.hasOwn(value, name))
  )
}

/** Else a member named like one of every object's would count as known. */
function inheritingNothing<Members extends v.ObjectEntries>(members: Members): Members {
  return Object.assign(Object.create(null), members)
}
