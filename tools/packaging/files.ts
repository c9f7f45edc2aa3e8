import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * What a package holds too much or too little: it is to hold its manifest, README and licence, what `files`
 * of its manifest names, and in `dist` one module with its declarations for every source file and no other.
 */
export function unexpectedFiles(packageFolder: string, packed: readonly string[]): readonly string[] {
  const modules = globSync('src/**/*.ts', { cwd: packageFolder })
    .filter((file) => !file.endsWith('.d.ts'))
    .map((file) => file.replace(/^src\//, 'dist/').replace(/\.ts$/, ''))
  const { files } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'))
  const others: readonly string[] = globSync(
    files.filter((entry: string) => entry !== 'dist').flatMap((entry: string) => [entry, `${entry}/**/*`]),
    { cwd: packageFolder, withFileTypes: true },
  )
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(packageFolder.length + 1))
  const expected = new Set([
    'package.json',
    'README.md',
    'LICENSE',
    ...others,
    ...modules.flatMap((module) => [`${module}.js`, `${module}.d.ts`]),
  ])
  return [
    ...packed.filter((file) => !expected.has(file)).map((file) => `should not be there: ${file}`),
    ...[...expected].filter((file) => !packed.includes(file)).map((file) => `is missing: ${file}`),
  ]
}
