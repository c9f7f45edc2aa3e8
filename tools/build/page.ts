/**
 * Bundles the sandbox's page, so that users need no build step: the script and the styles that `packages/sandbox/page` is
 * made of, in `dist/page` of the package.
 */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { root } from '../workspace.ts'

const maxBytes = 100 * 1024
const target = join(root, 'packages/sandbox/dist/page')

await build({
  entryPoints: ['main.tsx', 'style.css'].map((file) => ({
    in: join(root, 'packages/sandbox/page', file),
    out: 'app',
  })),
  outdir: target,
  bundle: true,
  minify: true,
  format: 'esm',
  target: ['es2022', 'chrome125', 'firefox125', 'safari17.5'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  banner: { js: '/*! Contains Preact, MIT, Copyright (c) 2015-present Jason Miller */' },
  logLevel: 'warning',
})

const bytes = ['app.js', 'app.css'].reduce((sum, file) => sum + statSync(join(target, file)).size, 0)
if (bytes > maxBytes) throw new Error(`the page is larger than ${maxBytes} bytes: ${bytes}`)
