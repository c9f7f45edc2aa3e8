import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from '../workspace.ts'

/** Reads the code of a document that bears a name (` ```go keys `), in one language. */
export function readRecipes(document: string, language: string): ReadonlyMap<string, string> {
  const text = readFileSync(join(root, document), 'utf8')
  const recipes = text.matchAll(new RegExp(`^\`\`\`${language} ([a-z0-9-]+)\\n([\\s\\S]*?)^\`\`\``, 'gm'))
  const named = [...recipes].map(([, name = '', code = '']): [string, string] => [name, code])
  const read = new Map(named.filter(([name]) => name !== 'not-run'))
  if (read.size === 0) throw new Error(`${document} has no code that bears a name`)
  return read
}

/**
 * Compiles the code of a document that bears a name (` ```ts koa `), as somebody would who has installed what an
 * outsider's folder has, and returns where each module is.
 *
 * @param folder - the outsider's, relative to the repository's root; installed already
 * @throws what the compiler says
 */
export function compileRecipes(document: string, folder: string): ReadonlyMap<string, string> {
  const modules = Object.fromEntries(readRecipes(document, 'ts'))
  // Below what is installed there, so that imports are found.
  const place = compile(modules, folder)
  return new Map(Object.keys(modules).map((name) => [name, pathToFileURL(join(place, `${name}.js`)).href]))
}

/**
 * Compiles modules where the imports of an outsider's folder are found, and returns the folder that they are in.
 *
 * @param lib - what TypeScript takes for given
 * @throws what the compiler says
 */
export function compile(
  modules: Readonly<Record<string, string>>,
  folder: string,
  lib: readonly string[] = ['es2024'],
): string {
  const place = mkdtempSync(join(root, folder, 'node_modules/.modules-'))
  for (const [name, code] of Object.entries(modules)) writeFileSync(join(place, `${name}.ts`), code)
  writeFileSync(join(place, 'package.json'), '{ "type": "module" }')
  const compilerOptions = {
    target: 'es2024',
    lib,
    module: 'nodenext',
    strict: true,
    exactOptionalPropertyTypes: true,
    experimentalDecorators: true,
    skipLibCheck: true,
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
  }
  const files = Object.keys(modules).map((name) => `${name}.ts`)
  writeFileSync(join(place, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }))
  const { status, stdout } = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', place], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stdout)
  return place
}
