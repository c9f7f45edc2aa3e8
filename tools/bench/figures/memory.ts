import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { constant, type Figure } from '../figure.ts'

const program = fileURLToPath(new URL('../million-requests.ts', import.meta.url))
const megabyte = 1_048_576

interface Memory {
  readonly heapBytes: number
  readonly rssBytes: number
}

/** What a hook's process holds more after a million requests than after a quarter of them. */
export async function memory(): Promise<readonly Figure[]> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', program])
  const { early, late }: { readonly early: Memory; readonly late: Memory } = JSON.parse(stdout)
  return [
    constant('memory.heapGrowth', 'MB', (late.heapBytes - early.heapBytes) / megabyte),
    constant('memory.rssGrowth', 'MB', (late.rssBytes - early.rssBytes) / megabyte),
  ]
}
