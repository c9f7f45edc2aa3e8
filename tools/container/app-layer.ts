import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { pack } from '../release/pack.ts'
import { root, workspacePackages } from '../workspace.ts'
import { type Bom, bomOf, versionOf } from './bom.ts'

/** What is installed, and nothing that only development, or packing for Lambda, needs. */
const production = ['--omit=dev', '--omit=optional', '--omit=peer']
const npm = (args: readonly string[], cwd: string): void => {
  execFileSync('npm', args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] })
}

/**
 * Makes the folder of the packages: each as it is published, what they depend on as the lock has it, and what is for users to
 * install beside them, in a `node_modules` that only the packages see.
 *
 * @param folder - where they go; it must not exist
 * @returns what was installed
 */
export function makeAppLayer(folder: string): readonly Bom[] {
  const stage = mkdtempSync(join(tmpdir(), 'behalf-app-'))
  try {
    const published = workspacePackages().filter(({ isPublished }) => isPublished)
    copyManifests(stage)
    npm(['ci', ...production, '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'], stage)
    leaveDevelopmentOut(stage)
    const installed = bomOf(stage, production)
    mkdirSync(join(folder, 'packages'), { recursive: true })
    // Where a configuration is mounted: below the packages, so that it can import them.
    mkdirSync(join(folder, 'config'))
    cpSync(join(stage, 'node_modules'), join(folder, 'node_modules'), {
      recursive: true,
      verbatimSymlinks: true,
    })
    for (const extra of ['.bin', '.package-lock.json'])
      rmSync(join(folder, 'node_modules', extra), { recursive: true, force: true })
    for (const { folder: source } of published) {
      const { tarball } = pack(source, stage, undefined)
      const target = join(folder, 'packages', basename(source))
      mkdirSync(target)
      execFileSync('tar', ['-xzf', tarball, '--strip-components=1', '--no-same-owner', '-C', target])
    }
    return [installed, addOptional(stage, folder)]
  } finally {
    rmSync(stage, { recursive: true })
  }
}

function copyManifests(stage: string): void {
  const manifests = ['package.json', 'package-lock.json', '.npmrc']
  for (const { folder } of workspacePackages()) manifests.push(join(folder, 'package.json'))
  for (const manifest of manifests) cpSync(join(root, manifest), join(stage, manifest))
}

/** `npm sbom` takes what only development needs for missing, where a workspace names it. */
function leaveDevelopmentOut(stage: string): void {
  rmSync(join(stage, 'node_modules/@behalf/testing'))
  for (const folder of ['.', ...workspacePackages().map((each) => each.folder)]) {
    const file = join(stage, folder, 'package.json')
    const {
      name,
      version = '0.0.0',
      dependencies,
      workspaces,
    }: ManifestParts = JSON.parse(readFileSync(file, 'utf8'))
    const kept = workspaces?.filter((workspace) => workspace !== 'testing')
    writeFileSync(file, JSON.stringify({ name, version, dependencies, workspaces: kept }))
  }
}

interface ManifestParts {
  readonly name: string
  readonly version?: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly workspaces?: readonly string[]
}

function addOptional(stage: string, folder: string): Bom {
  const optional = join(stage, 'optional')
  cpSync(join(root, 'tools/container/optional'), optional, {
    recursive: true,
    filter: (path) => basename(path) !== 'node_modules',
  })
  npm(['ci', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'], optional)
  cpSync(join(optional, 'node_modules'), join(folder, 'packages/node_modules'), { recursive: true })
  for (const extra of ['.bin', '.package-lock.json'])
    rmSync(join(folder, 'packages/node_modules', extra), { recursive: true, force: true })
  // A configuration that is mounted beside the packages is a module.
  const version = versionOf(join(root, 'packages/cli'))
  const manifest = { name: 'behalf-image', version, private: true, type: 'module' }
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  return bomOf(optional, [])
}
