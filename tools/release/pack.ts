import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../workspace.ts'
import type { Publication } from './publication.ts'
import { publishedManifest, publishedReadme } from './published-files.ts'

/** What of a package's manifest its users depend on. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly main?: string
  readonly engines: { readonly node: string }
  readonly exports: Readonly<Record<string, { readonly import?: { readonly types: string } } | string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

/** A package as it would be published. */
export interface Packed {
  /** Relative to the repository's root. */
  readonly folder: string
  readonly tarball: string
  readonly manifest: Manifest
  readonly files: readonly string[]
  /** Whether `require` is served as well as `import`. */
  readonly isDual: boolean
  /** As they are imported; those that are data, for tools that read files, are left out. */
  readonly modules: readonly string[]
  /** The subpaths that are data, e.g. `./behalf.cedarschema`. */
  readonly data: readonly string[]
}

/**
 * Makes the tarball of a package, as it is published.
 *
 * @param publication - where it is published from; while nobody has said, its manifest does not say either, and links of
 *   its README stay relative
 */
export function pack(folder: string, destination: string, publication: Publication | undefined): Packed {
  const source = join(root, folder)
  const manifest: Manifest = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'))
  const files = npmPack(source, '--dry-run').files.map(({ path }) => path)
  const stage = mkdtempSync(join(tmpdir(), 'behalf-pack-'))
  try {
    for (const file of files) cpSync(join(source, file), join(stage, file))
    if (publication !== undefined) {
      const published = publishedManifest(manifest, folder, publication)
      writeFileSync(join(stage, 'package.json'), `${JSON.stringify(published, null, 2)}\n`)
      const readme = readFileSync(join(source, 'README.md'), 'utf8')
      writeFileSync(join(stage, 'README.md'), publishedReadme(readme, folder, manifest.version, publication))
    }
    const { filename } = npmPack(stage, '--pack-destination', destination)
    const subpaths = Object.keys(manifest.exports)
    return {
      folder,
      manifest,
      tarball: join(destination, filename),
      files,
      isDual: manifest.main !== undefined,
      modules: subpaths.filter(isModule).map((subpath) => `${manifest.name}${subpath.slice(1)}`),
      data: subpaths.filter((subpath) => !isModule(subpath)),
    }
  } finally {
    rmSync(stage, { recursive: true })
  }
}

interface NpmPacked {
  readonly filename: string
  readonly files: readonly { readonly path: string }[]
}

function npmPack(folder: string, ...options: readonly string[]): NpmPacked {
  const output = execFileSync('npm', ['pack', '--json', '--ignore-scripts', ...options], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [packed] = Object.values<NpmPacked>(JSON.parse(output.slice(output.search(/^[[{]/m))))
  if (packed === undefined) throw new Error(`npm has packed nothing of ${folder}`)
  return packed
}

function isModule(subpath: string): boolean {
  return !/\.\w+$/.test(subpath.slice(1))
}

/** The package and those of the workspace that it depends on; the others come from the registry. */
export function withDependencies({ manifest }: Packed, all: readonly Packed[]): readonly Packed[] {
  const names = new Set([manifest.name])
  for (const name of names) {
    const { dependencies = {} } = all.find((other) => other.manifest.name === name)?.manifest ?? {}
    for (const dependency of Object.keys(dependencies)) names.add(dependency)
  }
  return all.filter(({ manifest: { name } }) => names.has(name))
}
