import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from '../../workspace.ts'
import { settle } from './settle.ts'

/** What `npm run demo` prints. */
export async function recordDemo(): Promise<Readonly<Record<string, string>>> {
  const demo = execFileSync(process.execPath, [join(root, 'examples/demo/main.ts')], { encoding: 'utf8' })
  return { demo: settle(demo) }
}
