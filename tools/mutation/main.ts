/**
 * Mutation testing, one part after the other; the whole takes half an hour. `npm run mutation`, or a single part
 * with `npm run mutation -- core`.
 */
import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parts } from './parts.ts'

const stryker = fileURLToPath(new URL('node_modules/@stryker-mutator/core/bin/stryker.js', import.meta.url))
const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(parts)
const unknown = wanted.filter((name) => !Object.hasOwn(parts, name))
if (unknown.length > 0)
  throw new Error(`no such part: ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}`)

for (const name of wanted) {
  const { status } = spawnSync(
    process.execPath,
    [stryker, 'run', 'tools/mutation/stryker.config.mjs', '--concurrency', String(availableParallelism())],
    {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      env: { ...process.env, MUTATION_PART: name },
      stdio: 'inherit',
    },
  )
  if (status !== 0) process.exitCode = 1
}
