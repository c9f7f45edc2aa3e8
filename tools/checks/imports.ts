/**
 * Holds the arrows between packages: who may import whom, that a package imports only what its
 * package.json lists, and that no relative import leaves its package.
 */
import { globSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, relative } from 'node:path'

const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [],
  hook: ['@behalf/core'],
  client: ['@behalf/core'],
  verify: ['@behalf/core'],
  sidecar: ['@behalf/core', '@behalf/client', '@behalf/verify'],
  // Code that both shared would hide what one of them has misread of Okta's contract.
  sandbox: [],
  cli: [
    '@behalf/core',
    '@behalf/hook',
    '@behalf/client',
    '@behalf/verify',
    '@behalf/sidecar',
    '@behalf/sandbox',
  ],
}
const importSpecifier =
  /(?:^|[\s;])(?:import|export)\s[^'"`;]*?from\s*['"]([^'"]+)['"]|(?:^|[\s;])import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g
const builtins = new Set(builtinModules)
const faults: string[] = []

function listed(manifest: Record<string, Record<string, string> | undefined>): Set<string> {
  return new Set(
    ['dependencies', 'peerDependencies', 'optionalDependencies'].flatMap((kind) =>
      Object.keys(manifest[kind] ?? {}),
    ),
  )
}

for (const [folder, allowed] of Object.entries(mayImport)) {
  const base = join('packages', folder)
  const manifest = JSON.parse(readFileSync(join(base, 'package.json'), 'utf8'))
  const dependencies = listed(manifest)
  for (const file of globSync(join(base, 'src/**/*.ts'))) {
    // Examples in doc comments import the package by name; they are not imports of the file.
    const source = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '')
    for (const match of source.matchAll(importSpecifier)) {
      const specifier = match[1] ?? match[2] ?? match[3] ?? ''
      if (specifier.startsWith('.')) {
        if (relative(join(base, 'src'), join(dirname(file), specifier)).startsWith('..'))
          faults.push(`${file}: ${specifier} leaves the package`)
        continue
      }
      if (specifier.startsWith('node:') || builtins.has(specifier) || specifier.startsWith('cloudflare:'))
        continue
      const name = specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/')
      if ((name.startsWith('@behalf/') || name === 'behalf') && !allowed.includes(name))
        faults.push(`${file}: ${base} must not import ${name}`)
      else if (!dependencies.has(name))
        faults.push(`${file}: ${name} is not a dependency of ${manifest.name}`)
    }
  }
}

for (const fault of faults) console.error(fault)
console.log(`import arrows: ${faults.length === 0 ? 'held' : `${faults.length} broken`}`)
process.exitCode = faults.length === 0 ? 0 : 1
