import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const require = createRequire(import.meta.url)

/** The address of what a subpath was built to, for configurations in folders that have no `node_modules`. */
export function builtModule(specifier: string): string {
  return pathToFileURL(require.resolve(specifier)).href
}
