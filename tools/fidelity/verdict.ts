import { knownDeviations } from './known-deviations.ts'

/** What came of one script. */
export interface Verdict {
  readonly name: string
  readonly figures: string
  /** How many deviations have to stay. */
  readonly known: number
  /** Those that need not. */
  readonly unexpected: readonly string[]
}

/** Tells the deviations that have to stay from the others. */
export function judge(name: string, figures: string, deviations: readonly string[]): Verdict {
  const unexpected = deviations.filter((line) => !knownDeviations.some(({ printed }) => printed.test(line)))
  return { name, figures, known: deviations.length - unexpected.length, unexpected }
}
