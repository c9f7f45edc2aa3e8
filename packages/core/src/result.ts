/** What was asked for, or the fault that kept it from being. */
export type Result<T, F> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fault: F }

/** Returns the result of what went through. */
export function pass<T>(value: T): Result<T, never> {
  return { ok: true, value }
}

/** Returns the result of what did not. */
export function fail<F>(fault: F): Result<never, F> {
  return { ok: false, fault }
}
