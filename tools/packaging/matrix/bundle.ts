import { join } from 'node:path'
import { build as esbuild } from 'esbuild'
import { build as vite } from 'vite'
import type { Row } from './rows.ts'

const name = 'bundle/main.mjs'

/** Makes one file of what TypeScript has written; returns where it is. */
export async function bundle(
  bundler: Exclude<Row['runner'], 'node' | 'jest'>,
  folder: string,
): Promise<string> {
  const entry = join(folder, 'out/main.js')
  switch (bundler) {
    case 'esbuild':
      await esbuild({
        absWorkingDir: folder,
        entryPoints: [entry],
        outfile: name,
        bundle: true,
        platform: 'node',
        format: 'esm',
        logLevel: 'error',
      })
      break
    case 'webpack':
      await webpackBundle(entry, folder)
      break
    case 'vite':
      await vite({
        root: folder,
        configFile: false,
        logLevel: 'error',
        ssr: { noExternal: true },
        build: {
          ssr: entry,
          outDir: 'bundle',
          rollupOptions: { output: { entryFileNames: 'main.mjs' } },
        },
      })
  }
  return name
}

async function webpackBundle(entry: string, folder: string): Promise<void> {
  // Installed on demand, so not before it is used.
  const { default: webpack } = await import('webpack')
  const options = {
    context: folder,
    entry,
    mode: 'production',
    target: 'node',
    experiments: { outputModule: true },
    output: { path: join(folder, 'bundle'), filename: 'main.mjs', module: true },
  }
  await new Promise<void>((resolve, reject) => {
    webpack(options, (error, stats) => {
      if (error !== null) reject(error)
      else if (stats === undefined || stats.hasErrors()) reject(new Error(stats?.toString('errors-only')))
      else resolve()
    })
  })
}
