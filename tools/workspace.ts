import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's root, with a slash at the end. */
export const root: string = fileURLToPath(new URL('..', import.meta.url))

/** A package of the workspace, as its manifest says. */
export interface WorkspacePackage {
  readonly name: string
  /** Relative to {@link root}. */
  readonly folder: string
  readonly isPublished: boolean
  /** Whether `exports` serve `require` as well as `import`. */
  readonly isDual: boolean
  readonly subpaths: readonly Subpath[]
}

/** A subpath of a package and the source file that it is made from. */
export interface Subpath {
  /** As it is imported, e.g. `@behalf/hook/node`. */
  readonly specifier: string
  /** Relative to {@link root}. */
  readonly source: string
}

/** Every package that is published, and `@behalf/testing`: what `exports` of the manifests say. */
export function workspacePackages(): readonly WorkspacePackage[] {
  const folders = readdirSync(join(root, 'packages')).map((name) => join('packages', name))
  return [...folders, 'testing'].map(readPackage)
}

function readPackage(folder: string): WorkspacePackage {
  const {
    name,
    exports,
    private: isPrivate = false,
  } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
  const subpaths = Object.entries<unknown>(exports).flatMap(([subpath, target]) => {
    const file = moduleOf(target)
    // Some subpaths are data, for tools that read files.
    if (file === undefined) return []
    const source = file.replace(/^\.\/dist\//, `${folder}/src/`).replace(/\.js$/, '.ts')
    return [{ specifier: `${name}${subpath.slice(1)}`, source }]
  })
  return { name, folder, isPublished: !isPrivate, isDual: 'require' in exports['.'], subpaths }
}

/** The module that an ES import gets; conditions nest. */
function moduleOf(target: unknown): string | undefined {
  if (typeof target === 'string') return target.endsWith('.js') ? target : undefined
  if (typeof target !== 'object' || target === null) return undefined
  return 'import' in target
    ? moduleOf(target.import)
    : 'default' in target
      ? moduleOf(target.default)
      : undefined
}
