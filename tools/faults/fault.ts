import { type Breaches, percentile, type Result } from './okta.ts'
import type { Stage } from './stage.ts'

/** One fault, and what must be true under it. */
export interface Fault {
  readonly name: string
  /** Sets the stage, breaks something, and says what was seen; `undefined` recovery means nothing to recover from. */
  run(): Promise<Finding>
}

/** What was seen under a fault. */
export interface Finding {
  readonly answer: string
  readonly worstMs: number
  readonly recovery: string
  readonly breaches: Breaches
  readonly broken: readonly string[]
}

/** Sums up what happened on a stage. */
export function find(stage: Stage, recoveryMs?: number, note = ''): Finding {
  const { results, breaches } = stage.okta
  if (recoveryMs !== undefined) stage.expect(recoveryMs <= 5_000, `recovered after ${seconds(recoveryMs)}`)
  return {
    answer: [summarise(results), note].filter(Boolean).join('; '),
    worstMs: percentile(
      results.map(({ elapsedMs }) => elapsedMs),
      1,
    ),
    recovery: recoveryMs === undefined ? '–' : seconds(recoveryMs),
    breaches,
    broken: stage.broken,
  }
}

/** How often each answer was given. */
export function summarise(results: readonly Result[]): string {
  const counts = new Map<string, number>()
  for (const { code } of results) counts.set(code, (counts.get(code) ?? 0) + 1)
  return [...counts].map(([code, count]) => `${count} ${code}`).join(', ')
}

export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`
}
