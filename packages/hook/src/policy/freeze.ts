/** Freezes an object and all that it holds, so that a policy cannot change what is decided about. */
export function freezeDeeply<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const member of Object.values(value)) freezeDeeply(member)
  }
  return value
}
