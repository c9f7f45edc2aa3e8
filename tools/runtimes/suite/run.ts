import { cases } from './cases.ts'
import type { Fixture } from './fixture.ts'

/** How one test ended: undefined when it passed. */
export type Results = Readonly<Record<string, string | undefined>>

/** Runs every test, one after the other. */
export async function runSuite(fixture: Fixture): Promise<Results> {
  const results: Record<string, string | undefined> = {}
  for (const [name, run] of Object.entries(cases)) {
    try {
      await run(fixture)
      results[name] = undefined
    } catch (error) {
      results[name] = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    }
  }
  return results
}
