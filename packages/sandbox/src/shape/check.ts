import * as v from 'valibot'
import type { Shape } from './shape.ts'

/** A value from outside that cannot be used; every fault of it is named. */
export class UnusableValue extends TypeError {
  /** Path and what is expected, one a fault. */
  readonly faults: readonly string[]

  constructor(heading: string, faults: readonly string[]) {
    super(`${heading}:\n${faults.join('\n')}`)
    this.faults = faults
  }
}

/**
 * Checks a value from outside; members that are `undefined` count as absent.
 *
 * @throws UnusableValue, a TypeError with the heading and one line for each fault: its path, what is expected
 */
export function check<T>(shape: Shape<T>, value: unknown, heading: string): T {
  const result = v.safeParse(shape, withoutUndefined(value))
  if (result.success) return result.output
  const faults = result.issues.map((issue) => {
    const path = pathOf(issue)
    return path === '' ? issue.message : `${path}: ${issue.message}`
  })
  throw new UnusableValue(heading, [...new Set(faults)])
}

function pathOf({ path }: v.BaseIssue<unknown>): string {
  return (path ?? [])
    .map(({ key }) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '')
}

/** Deeper than anything that has a shape; what is below it is refused for its depth. */
const maxDepth = 64

/** Plain objects and lists only: a clock or a map is what it is. */
function withoutUndefined(value: unknown, depth = maxDepth): unknown {
  if (typeof value !== 'object' || value === null || depth === 0) return value
  if (Array.isArray(value)) return value.map((entry) => withoutUndefined(entry, depth - 1))
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return value
  const kept = Object.entries(value).filter(([, member]) => member !== undefined)
  return Object.fromEntries(kept.map(([name, member]) => [name, withoutUndefined(member, depth - 1)]))
}
