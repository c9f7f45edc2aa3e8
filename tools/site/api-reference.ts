import { join } from 'node:path'
import {
  Application,
  Comment,
  type DeclarationReflection,
  type ProjectReflection,
  ReflectionKind,
  type TypeDocOptions,
} from 'typedoc'
import type { PluginOptions } from 'typedoc-plugin-markdown'
import { root, workspacePackages } from '../workspace.ts'

/** What can be imported, from where, and what its doc comment says first. */
export interface EntryPoint {
  /** As it is imported: `@behalf/client/express`. */
  readonly specifier: string
  readonly exports: readonly { readonly name: string; readonly kind: string; readonly summary: string }[]
}

/** The API of all packages, as their emitted declarations and doc comments say. */
export interface ApiReference {
  readonly entryPoints: readonly EntryPoint[]
  /** Writes one Markdown page an entry point. */
  writePages(folder: string): Promise<void>
}

/** Subpaths that promise nothing, and the command line, which is for people. */
const isPromised = (specifier: string): boolean => !specifier.endsWith('/internal') && specifier !== 'behalf'

/**
 * Reads the API from what was built.
 *
 * @throws Error when TypeDoc finds fault with declarations or comments
 */
export async function readApi(): Promise<ApiReference> {
  const subpaths = workspacePackages()
    .filter(({ isPublished }) => isPublished)
    .flatMap((each) => each.subpaths)
    .filter(({ specifier }) => isPromised(specifier))
  const options: Partial<TypeDocOptions & PluginOptions> = {
    entryPoints: subpaths.map(({ source }) =>
      join(root, source.replace('/src/', '/dist/').replace(/\.ts$/, '.d.ts')),
    ),
    tsconfig: join(root, 'tools/site/tsconfig.api.json'),
    plugin: ['typedoc-plugin-markdown'],
    readme: 'none',
    disableSources: true,
    excludeInternal: true,
    excludePrivate: true,
    // The declarations have been checked by the compiler that wrote them.
    skipErrorChecking: true,
    logLevel: 'Error',
    outputFileStrategy: 'modules',
    hidePageHeader: true,
    hideBreadcrumbs: true,
    useCodeBlocks: true,
    parametersFormat: 'table',
    interfacePropertiesFormat: 'table',
  }
  const app = await Application.bootstrapWithPlugins(options)
  const project = await app.convert()
  if (project === undefined || app.logger.hasErrors())
    throw new Error('TypeDoc could not read the declarations')
  nameModules(project, new Map(subpaths.map(({ specifier, source }) => [moduleName(source), specifier])))
  return {
    entryPoints: (project.children ?? []).map((module) => ({
      specifier: module.name,
      exports: (module.children ?? []).map(describe).toSorted((a, b) => a.name.localeCompare(b.name, 'en')),
    })),
    async writePages(folder) {
      app.options.setValue('out', folder)
      await app.generateOutputs(project)
      if (app.logger.hasErrors()) throw new Error('TypeDoc could not write the pages')
    },
  }
}

/** What TypeDoc names the module of a source file: its declarations, seen from the folder that they share. */
function moduleName(source: string): string {
  return source
    .replace(/^packages\//, '')
    .replace('/src/', '/dist/')
    .replace(/(?:\/index)?\.ts$/, '')
}

/** Its users know a module by what they import. */
function nameModules(project: ProjectReflection, specifiers: ReadonlyMap<string, string>): void {
  project.name = 'API'
  const modules = project.children ?? []
  for (const module of modules) {
    const specifier = specifiers.get(module.name)
    if (specifier === undefined)
      throw new Error(`TypeDoc has found a module that nobody imports: ${module.name}`)
    module.name = specifier
  }
  if (modules.length !== specifiers.size) throw new Error('TypeDoc has not found every module')
}

function describe(reflection: DeclarationReflection): EntryPoint['exports'][number] {
  const target = reflection.isReference() ? reflection.getTargetReflectionDeep() : reflection
  const comment = target.comment ?? ('signatures' in target ? signatureComment(target) : undefined)
  const text = Comment.combineDisplayParts(comment?.summary).replaceAll(/\s+/g, ' ').trim()
  return {
    name: reflection.name,
    kind: ReflectionKind.singularString(target.kind).toLowerCase(),
    summary: /^.*?\.(?= |$)/.exec(text)?.[0] ?? text,
  }
}

function signatureComment(reflection: object): Comment | undefined {
  if (!('signatures' in reflection) || !Array.isArray(reflection.signatures)) return undefined
  const [signature] = reflection.signatures
  return signature?.comment
}
