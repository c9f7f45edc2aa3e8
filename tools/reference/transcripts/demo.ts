import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from '../../workspace.ts'
import { settle } from './settle.ts'

/** What `npm run demo` prints. */
export async function recordDemo(): Promise<Readonly<Record<string, string>>> {
  // The same on every machine, whether it has a Python or not.
  const env = { ...process.env, PYTHON: 'none' }
  const demo = execFileSync(process.execPath, [join(root, 'examples/demo/main.ts')], {
    encoding: 'utf8',
    env,
  })
  return { demo: settle(demo) }
}
