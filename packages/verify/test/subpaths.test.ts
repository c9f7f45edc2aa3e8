import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { expect, it } from 'vitest'
import manifest from '../package.json' with { type: 'json' }

const root = fileURLToPath(new URL('..', import.meta.url))

it.each(Object.keys(manifest.exports))('%s needs nothing at run time but core and Node', async (subpath) => {
  const source = subpath === '.' ? 'src/index.ts' : `src/${subpath.slice(2)}.ts`
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
  expect(imported.filter((path) => path !== '@behalf/core' && !path.startsWith('node:'))).toEqual([])
})
