/**
 * Runs every suite, the quick ones first, and prints what each took, what failed and one sum over all. Every suite
 * runs, whatever became of the others; the exit code is 0 when nothing failed.
 */
import { runSuite, type SuiteResult } from './suite.ts'

const timeoutMs = 20 * 60_000
const suites = [
  'check',
  'unused',
  'allocations',
  'test',
  'docs',
  'test:outside',
  'test:packages',
  'test:runtimes',
  'synth',
]

const results: SuiteResult[] = []
for (const name of suites) {
  console.log(`\n=== ${name}`)
  results.push(await runSuite({ name, command: ['npm', 'run', '--silent', name] }, timeoutMs))
}

const sum = (count: (result: SuiteResult) => number): number =>
  results.reduce((total, result) => total + count(result), 0)
console.log('\nsuite            passed  failed  skipped   seconds')
for (const { name, passed, failed, skipped, seconds } of results)
  console.log(
    `${name.padEnd(15)} ${cell(passed, 7)} ${cell(failed, 7)} ${cell(skipped, 8)} ${cell(Math.round(seconds), 9)}`,
  )
for (const { name, failures } of results)
  if (failures.length > 0) console.log([`\n=== failed in ${name}`, ...failures].join('\n'))
const failed = sum((result) => result.failed)
const skipped = sum((result) => result.skipped)
console.log(
  `\n${sum((result) => result.passed)} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`,
)
process.exitCode = failed === 0 ? 0 : 1

function cell(value: number, width: number): string {
  return String(value).padStart(width)
}
