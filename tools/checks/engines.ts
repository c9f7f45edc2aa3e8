/**
 * Holds that no package calls what came later than the lowest Node that its `engines` name. Only what the types cannot
 * tell is listed: of the language, `lib` of the compiler options says it.
 */
import { globSync, readFileSync } from 'node:fs'
import { workspacePackages } from '../workspace.ts'

const cameWith: Readonly<Record<string, string>> = {
  'URL.parse(': '22.1',
  'process.getBuiltinModule(': '22.3',
  'process.features.typescript': '22.10',
  'module.stripTypeScriptTypes(': '22.13',
  'import.meta.main': '24.2',
}

const faults: string[] = []
for (const { folder, isPublished } of workspacePackages()) {
  if (!isPublished) continue
  const { engines } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'))
  const lowest = String(engines.node).replace('>=', '')
  for (const file of globSync(`${folder}/src/**/*.ts`)) {
    const source = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
    for (const [call, version] of Object.entries(cameWith))
      if (source.includes(call) && isBefore(lowest, version))
        faults.push(`${file}: ${call} came with Node ${version}, and engines name ${lowest}`)
  }
}

function isBefore(version: string, other: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [otherMajor = 0, otherMinor = 0] = other.split('.').map(Number)
  return major === otherMajor ? minor < otherMinor : major < otherMajor
}

for (const fault of faults) console.error(fault)
console.log(`engines: ${faults.length === 0 ? 'held' : `${faults.length} broken`}`)
process.exitCode = faults.length === 0 ? 0 : 1
