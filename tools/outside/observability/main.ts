/**
 * Starts an org, the hook, API A, API B, `behalf watch` and Prometheus, lets things go wrong one after the other, and shows
 * which alerts of `deploy/observability` fire: `node tools/outside/observability/main.ts [WORD]`. It takes Debian's
 * `prometheus`, and a quarter of a minute for each fault.
 */
import { faults, play } from './faults.ts'

const [, , word = ''] = process.argv
for (const fault of faults.filter(({ name }) => name.includes(word))) {
  const fired = await play(fault)
  const isExpected = fired.join() === fault.fires.toSorted().join()
  console.log(`${isExpected ? 'ok    ' : 'FAILED'}  ${fault.name}: ${fired.join(', ') || 'no alert'}`)
  if (!isExpected) {
    console.log(`        expected ${fault.fires.join(', ') || 'none'}`)
    process.exitCode = 1
  }
}
