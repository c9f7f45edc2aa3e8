/**
 * Runs the attack catalogue against the hook (in process, over HTTP, on Lambda), the sidecar and API B's
 * verification. Prints a table, or everything with `--json`; exits with 1 when an attack did not hold.
 */
import {
  catalogue,
  fetchTarget,
  lambdaRestTarget,
  lambdaTarget,
  listFailures,
  nodeTarget,
  runAttacks,
  sidecarTarget,
  summarise,
  verifierTarget,
} from '@behalf/testing/attacks'

const results = await runAttacks(catalogue, {
  hooks: [fetchTarget, nodeTarget, lambdaTarget, lambdaRestTarget],
  apis: [verifierTarget],
  sidecars: [sidecarTarget],
})
const rows = summarise(results)
const failures = listFailures(results)

if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ ok: failures.length === 0, categories: rows, failures }, null, 2))
} else {
  const line = (category: string, ...figures: readonly (string | number)[]): string =>
    `${category.padEnd(16)}${figures.map((figure) => String(figure).padStart(8)).join('')}`
  const sum = (figure: 'cases' | 'runs' | 'held'): number =>
    rows.reduce((total, row) => total + row[figure], 0)
  console.log(line('category', 'cases', 'runs', 'held'))
  for (const { category, cases, runs, held } of rows) console.log(line(category, cases, runs, held))
  console.log(line('all', sum('cases'), sum('runs'), sum('held')))
  for (const failure of failures) console.error(failure)
}
process.exitCode = failures.length === 0 ? 0 : 1
