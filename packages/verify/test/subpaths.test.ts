import { build } from 'esbuild'
import { expect, it } from 'vitest'
import { root, workspacePackages } from '../../../tools/workspace.ts'

const subpaths = workspacePackages().find(({ name }) => name === '@behalf/verify')?.subpaths ?? []

it.each(subpaths)('$specifier needs nothing at run time but core and Node', async ({ source }) => {
  const { metafile } = await build({
    entryPoints: [`${root}${source}`],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
  })
  const imported = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path))
  expect(imported.filter((path) => !path.startsWith('@behalf/core') && !path.startsWith('node:'))).toEqual([])
})
