import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { ConfigFault } from '@behalf/hook'
import { CommandError } from '../terminal/command.ts'
import type { PackedFiles } from './packed-files.ts'

/** What came of loading a function; `refused` is what its log says of its configuration. */
export interface TrialReport {
  readonly status: unknown
  readonly refused?: Readonly<Record<string, unknown>>
  /** The environment variables that were read. */
  readonly variables: readonly string[]
}

/** What a trial needs to know. */
export interface TrialOptions {
  /** The folder of the configuration; its AWS SDK stands in for the runtime's. */
  readonly project: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Faults that only the function's own environment can mend. */
  readonly tolerated: readonly ConfigFault[] | 'all'
}

/** The Node of the runtime that a function is packed for. */
export const runtimeMajor = 24
const timeoutMs = 20_000

/**
 * Loads what was packed as Lambda would: in a folder with nothing else in it, by a process that may read nothing else.
 * It decides about no exchange.
 *
 * @throws CommandError that says why the function would deny everything
 */
export async function tryFunction(files: PackedFiles, options: TrialOptions): Promise<TrialReport> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'behalf-package-')))
  try {
    for (const [name, bytes] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true })
      await writeFile(join(folder, name), bytes)
    }
    const report = await run(folder, options)
    const reasons = reasonsIn(report, options.tolerated)
    if (reasons.length === 0) return report
    const tried = `Node ${process.versions.node}, in an empty folder`
    throw new CommandError(`the function would deny everything (tried on ${tried}):`, reasons)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** What the runtime lets a function do; a Node that does not ask about one of these refuses the option. */
const allowed = ['addons', 'child-process', 'net', 'wasi', 'worker'].map((what) => `--allow-${what}`)

/** Nodes of the runtime's kind can keep the process from files that the function will not have. */
function confine(folder: string, program: string): readonly string[] {
  if (Number.parseInt(process.versions.node, 10) < runtimeMajor) return []
  const others = allowed.filter((option) => process.allowedNodeEnvironmentFlags.has(option))
  return ['--permission', ...others, `--allow-fs-read=${folder}`, `--allow-fs-read=${program}`]
}

async function run(folder: string, { project, env }: TrialOptions): Promise<TrialReport> {
  const program = fileURLToPath(new URL(`./trial-process${extname(import.meta.url)}`, import.meta.url))
  const { NODE_OPTIONS: _, ...others } = env
  const args = [...confine(folder, program), '--no-warnings', program, pathToFileURL(join(project, 'x')).href]
  const child = spawn(process.execPath, args, { cwd: folder, env: { ...others }, timeout: timeoutMs })
  const texts = ['', '']
  child.stdout.on('data', (chunk) => (texts[0] += String(chunk)))
  child.stderr.on('data', (chunk) => (texts[1] += String(chunk)))
  await new Promise((resolve) => child.on('close', resolve))
  const line = texts[0]?.trim().split('\n').at(-1) ?? ''
  if (line.startsWith('{')) return JSON.parse(line)
  const message = texts[1]?.split('\n').find((text) => /Error/.test(text)) ?? 'the process ended'
  return { status: undefined, refused: { name: 'Error', message }, variables: [] }
}

function reasonsIn(
  { status, refused }: TrialReport,
  tolerated: TrialOptions['tolerated'],
): readonly string[] {
  if (refused === undefined)
    return status === 200 ? [] : [`it answered with the status ${String(status)}, not with 200`]
  const { faults, name, code, message } = refused
  if (Array.isArray(faults)) {
    const isTolerated = ({ path, problem }: ConfigFault): boolean =>
      tolerated === 'all' || tolerated.some((other) => other.path === path && other.problem === problem)
    return withAdvice(
      faults.filter((fault) => !isTolerated(fault)).map(({ path, problem }) => `${path}: ${problem}`),
    )
  }
  if (typeof message !== 'string')
    return [`${[name, code].join(' ').trim()}; its message is not shown, because it may quote a value`]
  return withAdvice([`${name}: ${message}`])
}

function withAdvice(reasons: readonly string[]): readonly string[] {
  return reasons.some((reason) => /ENOENT|ERR_ACCESS_DENIED|--allow-fs/.test(reason))
    ? [
        ...reasons,
        'the function has the files of the zip only, by paths from this folder: pack others with --include PATH',
      ]
    : reasons
}
