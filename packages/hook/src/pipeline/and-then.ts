/**
 * Goes on with a value: at once when it is there, because every wait for nothing costs a turn of the event
 * loop's queue, and when it comes otherwise.
 */
export function andThen<T, U>(value: T | Promise<T>, next: (value: T) => U | Promise<U>): U | Promise<U> {
  return value instanceof Promise ? value.then(next) : next(value)
}
