/**
 * Writes the generated end of docs/dependencies.md: `node tools/reference/dependencies.ts`. A test holds the file to the
 * lock and to the budgets.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundleBudgets } from '../budget/bundles/budgets.ts'
import { productionDependencies } from '../production-dependencies.ts'
import { root, workspacePackages } from '../workspace.ts'

const file = join(root, 'docs/dependencies.md')
const mark = '<!-- Written by tools/reference/dependencies.ts, to the end. -->'

/** The file as it is, and as it should be. */
export function dependencyReference(): { readonly present: string; readonly wanted: string } {
  const present = readFileSync(file, 'utf8')
  const [written = ''] = present.split(mark)
  return { present, wanted: `${written}${mark}\n\n${deployments()}\n\n${bundles()}\n` }
}

function deployments(): string {
  const rows = workspacePackages()
    .filter(({ isPublished }) => isPublished)
    .map(({ name, folder }) => {
      const dependencies = productionDependencies(folder)
      const licences = [...new Set(dependencies.map(({ licence }) => licence ?? 'none stated'))].toSorted()
      const names = [...new Set(dependencies.map((dependency) => dependency.name))]
      return { name, count: dependencies.length, licences, names }
    })
    .toSorted((a, b) => a.count - b.count || a.name.localeCompare(b.name, 'en'))
  const listed = rows.filter(({ count }) => count > 2)
  return [
    '## What a production deployment installs',
    'Packages of others that `npm install` brings, by the lock; builds for platforms are not counted.',
    [
      '| package | packages | which | licences |',
      '|---|---|---|---|',
      ...rows.map(
        ({ name, count, licences, names }) =>
          `| \`${name}\` | ${count} | ${count > 2 ? '[below](#for-development)' : inCode(names)} | ${licences.join(', ')} |`,
      ),
    ].join('\n'),
    '### For development',
    ...listed.map(({ name, names }) => `\`${name}\`: ${names.join(', ')}.`),
  ].join('\n\n')
}

function bundles(): string {
  return [
    '## What an import adds to a bundle',
    'At most, in KB after minifying and gzip, with everything that it exports; what is loaded only when it is used (the encryption of the client) and peers are not counted. Tests hold it.',
    [
      '| import | KB |',
      '|---|---|',
      ...Object.entries(bundleBudgets)
        .toSorted(([a], [b]) => a.localeCompare(b, 'en'))
        .map(([specifier, budget]) => `| \`${specifier}\` | ${budget} |`),
    ].join('\n'),
  ].join('\n\n')
}

function inCode(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.map((name) => `\`${name}\``).join(', ')
}

if (import.meta.main) writeFileSync(file, dependencyReference().wanted)
