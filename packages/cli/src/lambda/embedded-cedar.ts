import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Plugin } from 'esbuild'

const readsItsModule = "require('fs').readFileSync(wasmPath)"

/**
 * Puts the WebAssembly of Cedar's engine into the bundle. Its loader reads it from beside itself, where a
 * bundle has nothing.
 */
export const embeddedCedar: Plugin = {
  name: 'embedded Cedar',
  setup({ onLoad, initialOptions }) {
    initialOptions.loader = { ...initialOptions.loader, '.wasm': 'binary' }
    onLoad({ filter: /[\\/]cedar-wasm[\\/]nodejs[\\/]cedar_wasm\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8')
      if (!source.includes(readsItsModule))
        return {
          errors: [{ text: 'this version of @cedar-policy/cedar-wasm loads its module in another way' }],
        }
      const contents = source
        .replace(/^const wasmPath = .*$/m, '')
        .replace(readsItsModule, "require('./cedar_wasm_bg.wasm')")
      return { contents, loader: 'js', resolveDir: dirname(path) }
    })
  },
}
