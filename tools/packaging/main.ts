/**
 * Packs every package that is published and tries it as its users get it: only the files that are meant to be
 * in it, judged by `publint` and `attw`, installed into an empty project, every subpath imported and
 * type-checked under both ways of resolving modules.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { unexpectedFiles } from './files.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const here = fileURLToPath(new URL('.', import.meta.url))
const folders = ['core', 'hook', 'client', 'verify', 'sandbox', 'cli']

interface Manifest {
  readonly name: string
  readonly exports: Readonly<Record<string, unknown>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

interface Packed {
  readonly folder: string
  readonly tarball: string
  readonly manifest: Manifest
  readonly files: readonly string[]
}

let passed = 0
let failed = 0

function check(name: string, run: () => void): void {
  try {
    run()
    passed++
  } catch (error) {
    failed++
    console.log(`FAILED  ${name}\n${describe(error)}`)
  }
}

/** What a tool has printed says more than that it failed. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const output = 'stdout' in error && 'stderr' in error ? `${error.stdout}${error.stderr}` : ''
  return output.trim() === '' ? error.message : output
}

function run(command: string, args: readonly string[], cwd: string): string {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

function pack(folder: string, destination: string): Packed {
  const output = run(
    'npm',
    ['pack', '--json', '--pack-destination', destination],
    join(root, 'packages', folder),
  )
  const [packed] = Object.values(JSON.parse(output.slice(output.search(/^[[{]/m))))
  const { filename, files } = packed as { filename: string; files: readonly { readonly path: string }[] }
  const manifest: Manifest = JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8'))
  return { folder, manifest, tarball: join(destination, filename), files: files.map(({ path }) => path) }
}

/** Some subpaths are data, for tools that read files. */
function isModule(subpath: string): boolean {
  return !/\.\w+$/.test(subpath.slice(1))
}

/** The package and those of the workspace that it depends on; the others come from the registry. */
function withDependencies({ manifest }: Packed, all: readonly Packed[]): readonly Packed[] {
  const names = new Set([manifest.name])
  for (const name of names) {
    const { dependencies = {} } = all.find((other) => other.manifest.name === name)?.manifest ?? {}
    for (const dependency of Object.keys(dependencies)) names.add(dependency)
  }
  return all.filter(({ manifest: { name } }) => names.has(name))
}

function tryInProject(packed: Packed, all: readonly Packed[], project: string): void {
  const { name, exports, peerDependencies = {} } = packed.manifest
  mkdirSync(project, { recursive: true })
  writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  const tarballs = withDependencies(packed, all).map(({ tarball }) => tarball)
  const peers = Object.keys(peerDependencies).filter((peer) => !peer.startsWith('@aws-sdk/'))
  run(
    'npm',
    ['install', '--no-audit', '--no-fund', '--prefer-offline', ...tarballs, ...peers, '@types/node@24'],
    project,
  )
  const subpaths = Object.keys(exports)
    .filter(isModule)
    .map((subpath) => `${name}${subpath.slice(1)}`)
  for (const subpath of subpaths) {
    check(`${subpath} can be imported`, () => {
      const script = `const m = await import('${subpath}'); if (Object.keys(m).length === 0) throw new Error('it exports nothing')`
      run(process.execPath, ['--input-type=module', '--eval', script], project)
    })
  }
  writeFileSync(
    join(project, 'main.ts'),
    subpaths
      .map((subpath, index) => `import * as m${index} from '${subpath}'\nexport { m${index} }`)
      .join('\n'),
  )
  for (const [module, moduleResolution] of [
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ]) {
    check(`${name} type-checks under ${moduleResolution}`, () => {
      const options = [
        '--noEmit',
        '--strict',
        '--target',
        'es2024',
        '--types',
        'node',
        '--skipLibCheck',
        'false',
      ]
      const tsc = join(root, 'node_modules/.bin/tsc')
      run(
        tsc,
        [...options, '--module', module ?? '', '--moduleResolution', moduleResolution ?? '', 'main.ts'],
        project,
      )
    })
  }
}

if (!existsSync(join(here, 'node_modules'))) run('npm', ['ci', '--no-audit', '--no-fund'], here)
const work = mkdtempSync(join(tmpdir(), 'behalf-packages-'))
try {
  const all = folders.map((folder) => pack(folder, work))
  for (const packed of all) {
    const { folder, manifest, files, tarball } = packed
    console.log(`${manifest.name}: ${files.length} files`)
    check(`${manifest.name} holds the files that it should`, () => {
      const unexpected = unexpectedFiles(join(root, 'packages', folder), files)
      if (unexpected.length > 0) throw new Error(unexpected.join('\n'))
    })
    check(`${manifest.name} and publint`, () =>
      run(join(here, 'node_modules/.bin/publint'), [tarball, '--strict'], work),
    )
    const data = Object.keys(manifest.exports).filter((subpath) => !isModule(subpath))
    const excluded =
      data.length === 0 ? [] : ['--exclude-entrypoints', ...data.map((subpath) => subpath.slice(2))]
    check(`${manifest.name} and attw`, () =>
      run(
        join(here, 'node_modules/.bin/attw'),
        [tarball, '--profile', 'esm-only', '--format', 'ascii', ...excluded],
        work,
      ),
    )
    check(`${manifest.name} installs alone`, () => tryInProject(packed, all, join(work, 'projects', folder)))
  }
} finally {
  rmSync(work, { recursive: true, force: true })
}
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
