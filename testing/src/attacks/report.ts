import type { AttackResult } from './run.ts'

/** How one category came out. */
export interface CategoryRow {
  readonly category: string
  /** Different attacks. */
  readonly cases: number
  /** Attacks times targets. */
  readonly runs: number
  readonly held: number
}

/** Counts results by category, in the order that they came. */
export function summarise(results: readonly AttackResult[]): readonly CategoryRow[] {
  return [...Map.groupBy(results, ({ category }) => category)].map(([category, all]) => ({
    category,
    cases: new Set(all.map(({ attack }) => attack.id)).size,
    runs: all.length,
    held: all.filter(({ complaint }) => complaint === undefined).length,
  }))
}

/** What did not hold, one line each. */
export function listFailures(results: readonly AttackResult[]): readonly string[] {
  return results
    .filter(({ complaint }) => complaint !== undefined)
    .map(({ category, attack, target, complaint }) => {
      const { hook, api, sidecar } = attack.expect
      const expected = target === 'api' ? api : target === 'sidecar' ? sidecar : hook
      return `${category}/${attack.id} (${attack.threat}) on ${target}: expected ${expected ?? 'nothing'}, found ${complaint}`
    })
}
