/** Holds the packages in lock-step: one version, by which they name each other exactly, and of which the changelog tells. */
import { readFileSync } from 'node:fs'
import { workspacePackages } from '../workspace.ts'

const manifests = workspacePackages()
  .filter(({ isPublished }) => isPublished)
  .map(({ folder }) => ({ folder, ...JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) }))
const { version } = manifests[0] ?? {}
const names = new Set(manifests.map(({ name }) => name))
const faults = manifests.flatMap((manifest) => [
  ...(manifest.version === version
    ? []
    : [`${manifest.folder} is ${manifest.version}, others are ${version}`]),
  ...['dependencies', 'devDependencies', 'peerDependencies'].flatMap((kind) =>
    Object.entries(manifest[kind] ?? {})
      .filter(([name, range]) => names.has(name) && range !== version)
      .map(([name, range]) => `${manifest.folder} takes ${name} ${range}, and it is ${version}`),
  ),
])
if (
  !new RegExp(`^## ${String(version).replaceAll('.', '\\.')}(?: |$)`, 'm').test(
    readFileSync('CHANGELOG.md', 'utf8'),
  )
)
  faults.push(`CHANGELOG.md says nothing of ${version}`)

for (const fault of faults) console.error(fault)
console.log(`versions: ${manifests.length} packages at ${version}, ${faults.length} faults`)
process.exitCode = faults.length === 0 && manifests.length > 0 ? 0 : 1
