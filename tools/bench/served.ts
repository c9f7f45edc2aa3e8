import { type ChildProcess, execFile } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** What is asked of a server. */
export interface Asked {
  readonly path?: string
  readonly type?: string
  /** Requests a second; as many as it answers by default. */
  readonly rate?: number
}

/** Returns the path of a file, relative to this folder. */
export function path(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url))
}

/** Resolves with where a server says that it listens. */
export function originOf({ stdout }: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    if (stdout === null) throw new Error('the server has no output')
    createInterface({ input: stdout }).on('line', (line) => {
      const origin = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0]
      if (origin !== undefined) resolve(origin)
    })
  })
}

/** Puts load on a server for two seconds, from a process of its own. */
export async function load(
  origin: string,
  bodies: string,
  { path: target = '/inline-hook', type = 'application/json', rate }: Asked = {},
): Promise<{ rate: number; p99: number }> {
  const args = [
    path('load.mjs'),
    origin,
    bodies,
    '2',
    target,
    type,
    ...(rate === undefined ? [] : [String(rate)]),
  ]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  return JSON.parse(stdout)
}
