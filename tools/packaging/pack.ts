import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../workspace.ts'
import { run } from './report.ts'

/** What of a package's manifest its users depend on. */
export interface Manifest {
  readonly name: string
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

/** Makes the tarball of a package. */
export function pack(folder: string, destination: string): Packed {
  const output = run('npm', ['pack', '--json', '--pack-destination', destination], join(root, folder))
  const [packed] = Object.values(JSON.parse(output.slice(output.search(/^[[{]/m))))
  const { filename, files } = packed as { filename: string; files: readonly { readonly path: string }[] }
  const manifest: Manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
  const subpaths = Object.keys(manifest.exports)
  return {
    folder,
    manifest,
    tarball: join(destination, filename),
    files: files.map(({ path }) => path),
    isDual: manifest.main !== undefined,
    modules: subpaths.filter(isModule).map((subpath) => `${manifest.name}${subpath.slice(1)}`),
    data: subpaths.filter((subpath) => !isModule(subpath)),
  }
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
