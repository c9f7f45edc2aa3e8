/**
 * Breaks what the hook depends on and what it runs in, one after the other, and prints what it answered, how
 * long that took at worst and how soon it recovered. Exits with 1 when anything was not as it must be.
 *
 * `npm run faults -- storm` runs only the faults whose name contains the word.
 */

import { availableParallelism, loadavg } from 'node:os'
import type { Fault, Finding } from './fault.ts'
import { floodFaults } from './flood.ts'
import { hostileFaults } from './hostile.ts'
import { introspectionFaults } from './introspection.ts'
import { keyFaults } from './keys.ts'
import { allowanceMs, type Breaches, deadlineMs } from './okta.ts'
import { policyFaults } from './policy.ts'
import { processFaults } from './process.ts'
import { revocationFaults } from './revocation.ts'
import { sealFaults } from './seals.ts'

/** Those that mostly wait run side by side; those that load the machine run alone. */
const sideBySide = 3
const quiet = [...keyFaults, ...policyFaults, ...introspectionFaults, ...revocationFaults]
const loud = [...processFaults, ...hostileFaults, ...sealFaults, ...floodFaults]

const word = process.argv[2] ?? ''
const sum: Breaches = { falseGrants: 0, not200: 0, inapplicable: 0, late: 0, unanswered: 0 }
let failed = 0

const [load = 0] = loadavg()
if (load > availableParallelism()) {
  console.log(
    `The machine is busy (load ${load.toFixed(1)}), so times say more about it than about the hook.\n`,
  )
}
console.log('| fault | answer | worst | recovery |\n|---|---|---|---|')
await runAll(
  quiet.filter(({ name }) => name.includes(word)),
  sideBySide,
)
await runAll(
  loud.filter(({ name }) => name.includes(word)),
  1,
)
console.log(
  `\nfalse grants ${sum.falseGrants}, answers other than 200 ${sum.not200}, inapplicable patches ${sum.inapplicable}, ` +
    `answers after the deadline ${sum.late} (${deadlineMs} ms, measured with ${allowanceMs} ms allowance), ` +
    `requests without an answer ${sum.unanswered}`,
)
if (failed > 0) console.log(`${failed} faults were not withstood`)
process.exitCode = failed > 0 ? 1 : 0

async function runAll(faults: readonly Fault[], lanes: number): Promise<void> {
  const waiting = [...faults]
  const lane = async (): Promise<void> => {
    for (let fault = waiting.shift(); fault !== undefined; fault = waiting.shift()) {
      report(fault.name, await fault.run())
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}

function report(name: string, { answer, worstMs, recovery, breaches, broken }: Finding): void {
  for (const [kind, count] of Object.entries(breaches)) sum[kind as keyof Breaches] += count
  const breached = Object.values(breaches).some((count) => count > 0)
  console.log(`| ${name} | ${answer} | ${Math.round(worstMs)} ms | ${recovery} |`)
  for (const [kind, count] of Object.entries(breaches))
    if (count > 0) console.log(`  BREACH: ${count} ${kind}`)
  for (const sentence of broken) console.log(`  NOT WITHSTOOD: ${sentence}`)
  if (breached || broken.length > 0) failed++
}
