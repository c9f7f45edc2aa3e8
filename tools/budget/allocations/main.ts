/**
 * Holds how many bytes of the heap one call takes: `npm run allocations`. No clock is involved, so it says the same on every
 * machine, and sees a slow creep that no measurement of time would. Exits with 1 when a figure is over its limit, or so
 * far below it that the limit says nothing any more.
 */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** What was measured when it was last looked at; it is to be lowered with what is measured. */
const limits: Readonly<Record<string, number>> = {
  'verify.first': 11_500,
  'verify.repeat': 3_400,
  'hook.first': 34_300,
  'hook.repeat': 28_500,
  'client.cached': 2_300,
}
/** What versions of Node differ by. */
const tolerance = 0.05

const young = '--min-semi-space-size=1024 --max-semi-space-size=1024'.split(' ')
const program = fileURLToPath(new URL('program.ts', import.meta.url))
const output = execFileSync(process.execPath, ['--expose-gc', '--no-opt', ...young, program], {
  encoding: 'utf8',
})
const measured = new Map<string, number>(Object.entries(JSON.parse(output)))
const rows = Object.entries(limits).map(([name, limit]) => {
  const bytes = measured.get(name) ?? Number.NaN
  return { name, bytes, limit, kept: Math.abs(bytes / limit - 1) <= tolerance }
})
console.table(rows)
const kept = rows.filter(({ kept }) => kept).length
console.log(`${kept} passed, ${rows.length - kept} failed`)
process.exitCode = kept === rows.length ? 0 : 1
