import { spawn } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'
import { createInterface } from 'node:readline'

/** What a suite's own closing line says, and how long it took. */
export interface SuiteResult {
  readonly name: string
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  readonly seconds: number
  /** What it has printed of each that failed: `FAILED`, the name, and why on indented lines below. */
  readonly failures: readonly string[]
}

/** What a suite is run by; `npm` scripts close with a line of counts, or count as one check. */
export interface Suite {
  readonly name: string
  readonly command: readonly [file: string, ...args: readonly string[]]
}

/**
 * Runs a suite and passes on what it prints. One that ends with another exit code than 0 has failed, whatever it has
 * counted, and so has one that is ended for taking too long.
 */
export async function runSuite(
  { name, command }: Suite,
  timeoutMs: number,
  print: (line: string) => void = console.log,
): Promise<SuiteResult> {
  const begun = performance.now()
  const [file, ...args] = command
  // A group of its own, so that nothing that it has started stays behind.
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true })
  const tooLong = setTimeout(() => process.kill(-(child.pid ?? Number.NaN), 'SIGKILL'), timeoutMs)
  const exited = once(child, 'exit').then(([code]) => code)
  let counts: Counts | undefined
  const failures: string[] = []
  let isFailure = false
  for await (const line of createInterface({ input: child.stdout })) {
    print(line)
    counts = readCounts(line) ?? counts
    isFailure = line.startsWith('FAILED') || (isFailure && line.startsWith(' '))
    if (isFailure) failures.push(line)
  }
  const ok = (await exited) === 0
  clearTimeout(tooLong)
  const { passed, failed, skipped } = counts ?? { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 }
  const seconds = (performance.now() - begun) / 1000
  return { name, passed, failed: ok ? failed : Math.max(failed, 1), skipped, seconds, failures }
}

type Counts = Pick<SuiteResult, 'passed' | 'failed' | 'skipped'>

/** Reads `N passed, N failed[, N skipped]`, alone on a line. */
function readCounts(line: string): Counts | undefined {
  const [, passed, failed, skipped = '0'] =
    /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/.exec(line) ?? []
  return passed === undefined
    ? undefined
    : { passed: Number(passed), failed: Number(failed), skipped: Number(skipped) }
}
