/**
 * Measures what hook, API B's verifier and client spend on the worst inputs up to every limit, and prints the worst of
 * them: `npm run budget`. Exits with 1 when one takes more than 20 ms of the processor, or more than four times a bare
 * `JSON.parse` of the same text where that takes over 1 ms.
 *
 * `npm run budget -- URL` measures only what has the word in its name.
 */
import { TestIssuer } from '@behalf/testing'
import type { Case } from './case.ts'
import { cpuMillis } from './cpu-time.ts'
import { clientCases } from './subjects/client.ts'
import { hookCases, hookLimits } from './subjects/hook.ts'
import { verifyCases } from './subjects/verify.ts'

const mostMillis = 20
const mostTimesBare = 4
const bareCountsFromMillis = 1
/** Enough for a clock that ticks every four milliseconds. */
const enoughMs = 40
const printed = 25

/** A case with what it took. */
interface Row {
  readonly case: Case
  readonly cpuMs: number
  readonly bareMs: number
}

const word = process.argv[2] ?? ''
await using issuer = await TestIssuer.start()
const cases = [
  ...(await Promise.all(hookLimits.map((limits) => hookCases(issuer, limits)))).flat(),
  ...(await verifyCases(issuer)),
  ...clientCases(),
].filter(({ subject, shape }) => `${subject}: ${shape}`.includes(word))

const rows: Row[] = []
for (const measured of cases) {
  const cpuMs = await cpuMillis(measured.work, enoughMs)
  const bareMs = measured.bare === undefined ? 0 : await cpuMillis(measured.bare, enoughMs)
  rows.push({ case: measured, cpuMs, bareMs })
}
const exceeded = rows.filter(
  ({ cpuMs, bareMs }) =>
    cpuMs > mostMillis || (bareMs > bareCountsFromMillis && cpuMs > mostTimesBare * bareMs),
)
const shapes = new Set(cases.map(({ shape }) => shape))
console.log(`${rows.length} inputs of ${shapes.size} shapes; the worst:\n`)
print(rows.toSorted((a, b) => b.cpuMs - a.cpuMs).slice(0, printed))
const overBare = rows.filter(({ bareMs }) => bareMs > bareCountsFromMillis)
if (overBare.length > 0) {
  console.log(`\nthe worst against a bare JSON.parse that takes over ${bareCountsFromMillis} ms:\n`)
  print(overBare.toSorted((a, b) => b.cpuMs / b.bareMs - a.cpuMs / a.bareMs).slice(0, 10))
}
if (exceeded.length > 0) {
  console.log('\nOVER THE BUDGET:\n')
  print(exceeded)
}
process.exitCode = exceeded.length > 0 ? 1 : 0

function print(some: readonly Row[]): void {
  console.log('| what | shape | KB | CPU ms | bare ms | ratio |\n|---|---|---|---|---|---|')
  for (const { case: measured, cpuMs, bareMs } of some) {
    const ratio = bareMs > bareCountsFromMillis ? (cpuMs / bareMs).toFixed(1) : ''
    console.log(
      `| ${measured.subject} | ${measured.shape} | ${(measured.length / 1_024).toFixed(0)} | ${cpuMs.toFixed(2)} | ${bareMs.toFixed(2)} | ${ratio} |`,
    )
  }
}
