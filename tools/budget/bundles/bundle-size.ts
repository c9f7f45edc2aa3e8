import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { root } from '../../workspace.ts'

/**
 * Measures what an import adds to somebody's bundle: everything that it exports and what that needs, minified and
 * compressed, in bytes. What is loaded only when it is used is not counted, nor are peers, which are the application's.
 *
 * @param specifier - as it is imported: `@behalf/client/express`
 */
export async function bundleSize(specifier: string): Promise<number> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: `export * from '${specifier}'`, resolveDir: root, sourcefile: 'entry.js' },
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    outdir: 'out',
    write: false,
    metafile: true,
    legalComments: 'none',
    logLevel: 'silent',
    external: [
      'express',
      'fastify',
      'hono',
      '@aws-sdk/*',
      '@cedar-policy/*',
      '@opentelemetry/*',
      'cloudflare:*',
    ],
  })
  const entry = Object.keys(metafile.outputs).find(
    (file) => metafile.outputs[file]?.entryPoint !== undefined && file.endsWith('stdin.js'),
  )
  if (entry === undefined) throw new Error(`esbuild has made nothing of ${specifier}`)
  const loaded = new Set([entry])
  for (const file of loaded)
    for (const { path, kind, external } of metafile.outputs[file]?.imports ?? [])
      if (kind === 'import-statement' && !external) loaded.add(path)
  return outputFiles
    .filter(({ path }) => [...loaded].some((file) => path.endsWith(`/${file}`)))
    .reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length, 0)
}
