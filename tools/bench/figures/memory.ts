import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { constant, type Figure } from '../figure.ts'

const megabyte = 1_048_576
/** Enough to fill the memory of verified tokens five times over; a million is for a run of its own. */
const distinctTokens = 50_000

interface Memory {
  readonly heapBytes: number
  readonly rssBytes: number
}

/**
 * What a hook's process holds more after a million requests than after a quarter of them, and what hook and verifier hold
 * more at most amid so many tokens, each like no other, in the second half than in the first.
 */
export async function memory(): Promise<readonly Figure[]> {
  const [requests] = await run<{ readonly early: Memory; readonly late: Memory }>('million-requests.ts')
  if (requests === undefined) throw new Error('the million requests were not counted')
  const figures = [...growth('memory', requests.early, requests.late)]
  for (const who of ['hook', 'verify']) {
    const heaps = (await run<Memory>('million-tokens.ts', who, String(distinctTokens))).map(
      ({ heapBytes }) => heapBytes,
    )
    // Memory of verified tokens is freed by halves, so that peaks are compared.
    const [early, late] = [Math.max(...heaps.slice(0, 5)), Math.max(...heaps.slice(5))]
    figures.push(constant(`memory.distinctTokens.${who}`, 'MB', (late - early) / megabyte))
  }
  return figures
}

function growth(name: string, early: Memory, late: Memory): readonly Figure[] {
  return [
    constant(`${name}.heapGrowth`, 'MB', (late.heapBytes - early.heapBytes) / megabyte),
    constant(`${name}.rssGrowth`, 'MB', (late.rssBytes - early.rssBytes) / megabyte),
  ]
}

/** Runs a program that prints a JSON document a line. */
async function run<Line>(program: string, ...args: readonly string[]): Promise<readonly Line[]> {
  const file = fileURLToPath(new URL(`../${program}`, import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', file, ...args])
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}
