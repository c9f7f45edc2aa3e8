import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { unzipSync } from 'fflate'
import { afterAll, vi } from 'vitest'

/** Runs a program to its end. */
export const run: typeof execFile.__promisify__ = promisify(execFile)
/** The command line. */
export const bin: string = fileURLToPath(new URL('../bin/behalf.js', import.meta.url))
/** Packages can be imported from here, as in a project that has installed them. */
const here = fileURLToPath(new URL('./', import.meta.url))
const made: string[] = []

/** Gives the tests of a file the time that packing takes, and clears up behind them; every file that packs calls it. */
export function prepareToPack(): void {
  // Each packing is three processes, one after the other.
  vi.setConfig({ testTimeout: 60_000 })
  afterAll(async () => {
    for (const folder of made.splice(0)) await rm(folder, { recursive: true })
  })
}

/** A folder with files, in which packages of this repository can be imported. */
export async function projectWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(here, '.package-'))
  made.push(folder)
  for (const [name, text] of Object.entries({ 'package.json': '{"type":"module"}', ...files })) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
  return folder
}

/** How a packing ended. */
export interface Packed {
  readonly code: number
  readonly out: string
  readonly files: readonly string[]
  readonly folder: string
}

/** Packs the configuration of a project of its own. */
export const pack = (files: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Packed> =>
  packWith({}, files, args)

/** The same with variables in the environment. */
export async function packWith(
  variables: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Promise<Packed> {
  const folder = await projectWith(files)
  const env = { ...variables, PATH: process.env['PATH'], ISSUER: 'https://example.okta.com/oauth2/default' }
  const { code, out } = await run(process.execPath, [bin, 'package', '--out', 'out.zip', ...args], {
    cwd: folder,
    env,
  }).then(
    ({ stdout, stderr }) => ({ code: 0, out: stdout + stderr }),
    ({ code, stdout, stderr }) => ({ code, out: `${stdout}${stderr}` }),
  )
  if (code !== 0) return { code, out, files: [], folder }
  return { code, out, files: Object.keys(unzipSync(await readFile(join(folder, 'out.zip')))), folder }
}

/** A configuration with more in it. */
export const config = (
  members: string,
  head = '',
  secrets = "[process.env['HOOK_SECRET']]",
): string => `${head}
export default {
  authenticate: { secrets: ${secrets} },
  issuers: [{ issuer: process.env.ISSUER, audiences: ['api://a'] }],
  clients: { '0oaApiA': {} },
  ${members}
}`
