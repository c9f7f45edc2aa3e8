/**
 * Packs every package that is published and tries it as its users get it: only the files that are meant to be
 * in it, judged by `publint` and `attw`, installed into an empty project, every subpath loaded and type-checked.
 * Then a new user's first run is walked, and the SDKs are tried in projects as teams have them, and the table of these is printed.
 * `--row <part of a name>` tries only those rows.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { installOnDemand } from '../on-demand.ts'
import { type Packed, pack } from '../release/pack.ts'
import { publicationOf } from '../release/publication.ts'
import { root, workspacePackages } from '../workspace.ts'
import { tryAlone } from './alone.ts'
import { tryComposed } from './composed.ts'
import { tryCopies } from './copies.ts'
import { unexpectedFiles } from './files.ts'
import { walkFirstRun } from './first-run.ts'
import { tryMatrix } from './matrix/matrix.ts'
import { findUnnameable } from './nameable.ts'
import { check, checkLater, run, tally } from './report.ts'

const here = join(root, 'tools/packaging')

function judge({ manifest: { name }, tarball, isDual, data }: Packed): void {
  const tool = (tool: string, ...args: readonly string[]) =>
    run(join(here, 'node_modules/.bin', tool), [tarball, ...args], here)
  check(`${name} and publint`, () => tool('publint', '--strict'))
  const profile = isDual ? 'strict' : 'esm-only'
  const excluded = data.length === 0 ? [] : ['--exclude-entrypoints', ...data.map((path) => path.slice(2))]
  check(`${name} and attw`, () => tool('attw', '--profile', profile, '--format', 'ascii', ...excluded))
}

installOnDemand('tools/packaging')
const { row } = parseArgs({ options: { row: { type: 'string' } } }).values
const work = mkdtempSync(join(tmpdir(), 'behalf-packages-'))
try {
  const publication = publicationOf(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))
  const folders = workspacePackages().filter(({ isPublished }) => isPublished)
  const all = folders.map(({ folder }) => pack(folder, work, publication))
  for (const packed of row === undefined ? all : []) {
    const { folder, manifest, files } = packed
    console.log(`${manifest.name}: ${files.length} files`)
    check(`${manifest.name} holds the files that it should`, () => {
      const unexpected = unexpectedFiles(packed)
      if (unexpected.length > 0) throw new Error(unexpected.join('\n'))
    })
    judge(packed)
    const project = join(work, folder)
    check(`${manifest.name} installs alone`, () => tryAlone(packed, all, project))
    if (!packed.isDual) continue
    tryCopies(packed, project)
    await checkLater(`what the exports of ${manifest.name} mention can be imported from it`, async () => {
      const faults = await findUnnameable(packed, project)
      if (faults.length > 0) throw new Error(faults.join('\n'))
    })
  }
  if (row === undefined) {
    for (const { manifest, tarball } of all)
      check(`${manifest.name} is taken by npm publish --dry-run`, () => {
        run('npm', ['publish', tarball, '--dry-run', '--ignore-scripts', '--access', 'public'], work)
      })
    await checkLater('an empty folder becomes a project whose user gets an answer from API B', async () => {
      const { commands, seconds } = await walkFirstRun(work, join(work, 'first-run'))
      console.log(`first run: ${commands.length} commands, ${Math.round(seconds)} s`)
      for (const command of commands) console.log(`  ${command}`)
      if (commands.length !== 5) throw new Error('README.md says that it takes five commands')
    })
    await checkLater('what its compose.yaml names finds each other', () =>
      tryComposed(join(work, 'first-run')),
    )
  }
  await tryMatrix(all, work, row)
} finally {
  rmSync(work, { recursive: true, force: true })
}
console.log(`\n${tally.passed} passed, ${tally.failed} failed`)
process.exitCode = tally.failed === 0 ? 0 : 1
