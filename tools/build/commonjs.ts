/**
 * Makes the CommonJS build of the packages whose `exports` have a `require`: every module of `dist` once more in
 * `dist/cjs`, file by file, so that subpaths share what they share in the ES build. Dependencies that are ES modules
 * only become modules of the build, because `require` of them fails before Node 22.12.
 */
import { cpSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { build, type Plugin } from 'esbuild'
import { root, workspacePackages } from '../workspace.ts'

/** What is imported of dependencies that are ES modules only, and the dependency that it is of. */
const bundled: ReadonlyMap<string, string> = new Map([
  ['oauth4webapi', 'oauth4webapi'],
  ['jose/jwe/compact/encrypt', 'jose'],
])

for (const { folder, isDual } of workspacePackages()) if (isDual) await buildCommonJs(join(root, folder))

async function buildCommonJs(folder: string): Promise<void> {
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const source = join(folder, 'dist')
  const target = join(source, 'cjs')
  rmSync(target, { recursive: true, force: true })
  const modules = globSync('**/*.js', { cwd: source })
  const brought = new Map([...bundled].filter(([, dependency]) => Object.hasOwn(dependencies, dependency)))
  const options = {
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    // Jest's modules have `require` alone.
    supported: { 'dynamic-import': false },
    outdir: target,
  } as const
  await build({
    ...options,
    entryPoints: modules.map((module) => join(source, module)),
    outbase: source,
    plugins: [fileByFile(source, brought)],
  })
  const find = createRequire(join(folder, 'package.json'))
  for (const [specifier, dependency] of brought) {
    const licence = readFileSync(
      join(dirname(find.resolve(`${dependency}/package.json`)), 'LICENSE.md'),
      'utf8',
    )
    await build({
      ...options,
      entryPoints: { [specifier]: find.resolve(specifier) },
      banner: { js: `/*! ${dependency}\n${licence}*/` },
    })
  }
  for (const file of globSync('**/*.d.ts', { cwd: source, exclude: ['cjs/**'] }))
    cpSync(join(source, file), join(target, file))
  // What the `.js` and `.d.ts` of this folder are, for Node and for TypeScript.
  writeFileSync(join(target, 'package.json'), '{ "type": "commonjs" }\n')
}

/** Leaves every import as it is, but those of bundled dependencies, which lead to the module made of them. */
function fileByFile(source: string, brought: ReadonlyMap<string, string>): Plugin {
  return {
    name: 'file by file',
    setup({ onResolve }) {
      onResolve({ filter: /.*/ }, ({ kind, path, importer }) => {
        if (kind === 'entry-point') return undefined
        const inside = brought.has(path) ? relative(dirname(importer), join(source, `${path}.js`)) : path
        const isRelative = inside === path || inside.startsWith('.')
        return { path: isRelative ? inside : `./${inside}`, external: true }
      })
    },
  }
}
