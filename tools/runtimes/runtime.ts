import { fileURLToPath } from 'node:url'

/** A JavaScript runtime that is started as a process. */
export interface Runtime {
  readonly name: string
  readonly command: readonly string[]
  /** Its own server, or Node's. */
  readonly server: 'serve.mjs' | 'serve-node.mjs'
}

const installed = (path: string): string => fileURLToPath(new URL(`node_modules/${path}`, import.meta.url))

/** The runtimes that run programs; `workerd` runs Workers, see `workerd.ts`. */
export const runtimes: readonly Runtime[] = [
  { name: 'node 24', command: [process.execPath], server: 'serve-node.mjs' },
  { name: 'node 22', command: [installed('node-22/bin/node')], server: 'serve-node.mjs' },
  {
    name: 'deno',
    command: [installed('.bin/deno'), 'run', '--quiet', '--allow-read', '--allow-env', '--allow-net'],
    server: 'serve.mjs',
  },
  { name: 'bun', command: [installed('.bin/bun')], server: 'serve.mjs' },
]
