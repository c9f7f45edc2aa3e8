import { type Spread, spreadOf } from './statistics.ts'

/** One measured figure. */
export interface Figure extends Spread {
  /** E.g. `hook.warm.vsBaseline`. */
  readonly name: string
  readonly unit: 'times' | 'µs' | 'ms' | 'bytes' | 'MB' | 'requests/s'
}

/** A figure of many samples: its median, with quartiles. */
export function figure(name: string, unit: Figure['unit'], samples: readonly number[]): Figure {
  return { name, unit, ...spreadOf(samples) }
}

/** A figure that is the same each time, such as a size. */
export function constant(name: string, unit: Figure['unit'], value: number): Figure {
  return { name, unit, median: value, low: value, high: value }
}
