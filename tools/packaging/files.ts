import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Packed } from '../release/pack.ts'
import { root } from '../workspace.ts'

/**
 * What a package holds too much or too little: it is to hold its manifest, README and licence, what `files`
 * of its manifest names, and in `dist` one module with its declarations for every source file and no other;
 * the same in `dist/cjs` where it serves `require`, and there the dependencies that `require` cannot load; and what of a
 * page the browser loads.
 */
export function unexpectedFiles({ folder, files: packed, isDual }: Packed): readonly string[] {
  const cwd = join(root, folder)
  const sources = globSync('src/**/*.ts', { cwd })
    .filter((file) => !file.endsWith('.d.ts'))
    .map((file) => file.replace(/^src\//, '').replace(/\.ts$/, ''))
  const { files, dependencies = {} } = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8'))
  const others = globSync(
    files.filter((entry: string) => entry !== 'dist').flatMap((entry: string) => [entry, `${entry}/**/*`]),
    { cwd, withFileTypes: true },
  )
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(cwd.length + 1))
  const brought = ['oauth4webapi', 'jose/jwe/compact/encrypt']
    .filter((specifier) => (specifier.split('/')[0] ?? '') in dependencies)
    .map((specifier) => `dist/cjs/${specifier}.js`)
  const page = existsSync(join(cwd, 'page')) ? ['dist/page/app.js', 'dist/page/app.css'] : []
  const expected = new Set([
    'package.json',
    'README.md',
    'LICENSE',
    ...others,
    ...page,
    ...(isDual ? ['dist/cjs/package.json', ...brought] : []),
    ...(isDual ? ['dist', 'dist/cjs'] : ['dist']).flatMap((place) =>
      sources.flatMap((source) => [`${place}/${source}.js`, `${place}/${source}.d.ts`]),
    ),
  ])
  return [
    ...packed.filter((file) => !expected.has(file)).map((file) => `should not be there: ${file}`),
    ...[...expected].filter((file) => !packed.includes(file)).map((file) => `is missing: ${file}`),
  ]
}
