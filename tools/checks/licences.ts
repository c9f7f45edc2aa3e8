/** Holds that everything that is installed with a package of ours has a licence that anybody can live with. */

import { productionDependencies } from '../production-dependencies.ts'
import { workspacePackages } from '../workspace.ts'

/** Permissive, and asking for no more than a notice. */
const permitted = new Set([
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'Zlib',
  'BlueOak-1.0.0',
  'Unlicense',
  'CC0-1.0',
  'Python-2.0',
])

/**
 * What else is taken as it is. MPL-2.0 asks whoever changes its files to publish those; these two come with Okta's SDK, for
 * the command line alone, unchanged.
 */
const accepted: Readonly<Record<string, string>> = { eckles: 'MPL-2.0', rasha: 'MPL-2.0' }

const dependencies = new Map(
  workspacePackages()
    .filter(({ isPublished }) => isPublished)
    .flatMap(({ folder }) => productionDependencies(folder))
    .map((dependency) => [`${dependency.name}@${dependency.version}`, dependency]),
)
const faults = [...dependencies].filter(
  ([, { name, licence }]) => !isPermitted(licence) && (licence === undefined || accepted[name] !== licence),
)
for (const [name, { licence }] of faults) console.error(`${name}: ${licence ?? 'no licence is stated'}`)
console.log(`licences: ${dependencies.size} production dependencies, ${faults.length} faults`)
process.exitCode = faults.length === 0 && dependencies.size > 0 ? 0 : 1

/** Of alternatives one will do; of what holds at the same time, all must. */
function isPermitted(licence: string = ''): boolean {
  return licence
    .replaceAll(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((each) => permitted.has(each)))
}
