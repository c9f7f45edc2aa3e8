import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** Where what is run on other runtimes is put. */
export const folder: string = fileURLToPath(new URL('../../dist/runtimes/', import.meta.url))

/** Bundles the programs, so that one and the same file runs everywhere. */
export async function bundlePrograms(): Promise<void> {
  const here = fileURLToPath(new URL('.', import.meta.url))
  await build({
    absWorkingDir: here,
    entryPoints: {
      suite: 'suite/script.ts',
      'suite-worker': 'suite/worker.ts',
      serve: 'servers/serve.ts',
      'serve-node': 'servers/serve-node.ts',
      worker: 'servers/worker.ts',
      'sdk-worker': 'servers/sdk-worker.ts',
    },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'es2024',
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    logLevel: 'warning',
  })
}
