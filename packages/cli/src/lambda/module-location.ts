import { readFile } from 'node:fs/promises'
import { extname, relative, sep } from 'node:path'
import { cwd } from 'node:process'
import { type Loader, type Plugin, transform } from 'esbuild'

const loaders: Readonly<Record<string, Loader>> = {
  '.ts': 'ts',
  '.mts': 'ts',
  '.cts': 'ts',
  '.tsx': 'tsx',
  '.jsx': 'jsx',
}
const declarations: readonly (readonly [member: string, name: string, value: string])[] = [
  ['import.meta.url', 'behalfModuleUrl', 'behalfModuleLocation.href'],
  ['import.meta.filename', 'behalfModuleFile', 'behalfPathOf(behalfModuleLocation)'],
  ['import.meta.dirname', 'behalfModuleFolder', "behalfPathOf(new URL('.', behalfModuleLocation))"],
]

/** Says whether a module is of the project, and not of a package that it uses. */
export function isOwnModule(path: string): boolean {
  return !/[\\/]node_modules[\\/]|[\\/]packages[\\/]\w+[\\/]dist[\\/]/.test(path)
}

/** Returns the path below the current folder, where it lies in the zip, too; undefined when it lies elsewhere. */
export function pathInZip(path: string): string | undefined {
  const name = relative(cwd(), path)
  return name.startsWith('..') ? undefined : name.split(sep).join('/')
}

/**
 * Lets the modules of a project know where they are: in a bundle, `import.meta.url` is that of the one file, while what
 * lies beside them is packed where it lay.
 */
export const moduleLocation: Plugin = {
  name: 'location of modules',
  setup({ onLoad }) {
    onLoad({ filter: /\.[cm]?[jt]sx?$/ }, async ({ path, namespace }) => {
      const place = pathInZip(path)
      if (namespace !== 'file' || place === undefined || !isOwnModule(path)) return undefined
      const source = await readFile(path, 'utf8')
      const used = declarations.filter(([member]) => source.includes(member))
      if (used.length === 0) return undefined
      const { code } = await transform(source, {
        loader: loaders[extname(path)] ?? 'js',
        sourcefile: path,
        target: 'node24',
        define: Object.fromEntries(used.map(([member, name]) => [member, name])),
      })
      const url = place.split('/').map(encodeURIComponent).join('/')
      const head = [
        `import { fileURLToPath as behalfPathOf } from 'node:url'`,
        `const behalfModuleLocation = new URL(${JSON.stringify(url)}, import.meta.url)`,
        ...used.map(([, name, value]) => `const ${name} = ${value}`),
      ]
      return { contents: `${head.join('\n')}\n${code}`, loader: 'js' }
    })
  },
}
