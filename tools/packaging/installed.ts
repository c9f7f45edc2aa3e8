import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../workspace.ts'

/** Where this folder's own tools are installed, from its own lock. */
export const toolsFolder: string = join(root, 'tools/packaging/node_modules')

/** The Node that runs, by the name of its alias; both are in the lock. */
export function nodeBinary(which: 'lowest' | 'highest'): string {
  return join(toolsFolder, `node-${which}/bin/node`)
}

/** The version of one of the tools. */
export function versionOf(tool: string): string {
  return JSON.parse(readFileSync(join(toolsFolder, tool, 'package.json'), 'utf8')).version
}
