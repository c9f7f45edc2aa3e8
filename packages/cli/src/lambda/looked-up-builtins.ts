import { isBuiltin } from 'node:module'
import { getBuiltinModule } from 'node:process'
import type { Plugin } from 'esbuild'

/**
 * Looks up what a bundle imports of Node's own modules in the module itself. An import reads all that the module exports,
 * used or not, and much of that is made when it is read: of `node:process` the standard streams, of `node:crypto` Web
 * Crypto, of `node:fs` its streams and promises, of `node:http` the client of `fetch`.
 */
export const lookedUpBuiltins: Plugin = {
  name: 'looked up builtins',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[a-z]/ }, ({ path, kind }) =>
      kind === 'import-statement' && isBuiltin(path)
        ? { path, namespace: 'builtin', sideEffects: false }
        : undefined,
    )
    onLoad({ filter: /./, namespace: 'builtin' }, ({ path }) => ({ contents: lookUpsIn(path) }))
  },
}

/** Of the members that it exports, those that are not imported are left out of the bundle. */
function lookUpsIn(path: string): string {
  const members = Object.keys(getBuiltinModule(path) ?? {}).filter((name) => /^[a-z_$][\w$]*$/i.test(name))
  return [
    `const builtin = /* @__PURE__ */ process.getBuiltinModule(${JSON.stringify(path)})`,
    'export default builtin',
    ...members
      .filter((name) => name !== 'default')
      .flatMap((name) => [
        `const its${name} = /* @__PURE__ */ (() => builtin.${name})()`,
        `export { its${name} as ${name} }`,
      ]),
  ].join('\n')
}
