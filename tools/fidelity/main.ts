/**
 * Holds the sandbox against recorded traffic of real orgs and against Okta's official schemas: `npm run fidelity`.
 * The data lies outside of the repository, in the folder that `OKTA_DATA` names; without it there is nothing to
 * do. Exits with 1 when something deviates that is not known to have to.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { installOnDemand } from '../on-demand.ts'
import { facts, judgeFacts } from './facts.ts'
import { judgeReplay } from './replay.ts'
import { judgeSchemas } from './schemas.ts'
import { runScript } from './script.ts'
import type { Verdict } from './verdict.ts'

const folder = process.env['OKTA_DATA']
if (folder === undefined || !existsSync(join(folder, 'replay.mjs'))) {
  console.log('fidelity: the recorded data is not there; OKTA_DATA names its folder')
  process.exit(0)
}
installOnDemand('tools/fidelity')

const verdicts: Verdict[] = [judgeReplay(await runScript(folder, 'replay'))]
for (const name of ['check-management', 'check-hook-requests', 'check-hook-responses-at-sandbox'])
  verdicts.push(judgeSchemas(name, await runScript(folder, name)))
for (const name of Object.keys(facts)) verdicts.push(judgeFacts(name, await runScript(folder, name)))

for (const { name, figures, known, unexpected } of verdicts) {
  const sign = unexpected.length === 0 ? '✓' : '✗'
  console.log(`${sign} ${name.padEnd(34)} ${figures}${known === 0 ? '' : `; ${known} known deviations`}`)
  for (const line of unexpected) console.log(`    ${line}`)
}
const failed = verdicts.filter(({ unexpected }) => unexpected.length > 0).length
console.log(`\n${verdicts.length - failed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
