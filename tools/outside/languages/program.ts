import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { text } from 'node:stream/consumers'
import { goEnvironment } from '../debian.ts'

/** A program of several files in one folder. */
export interface Program {
  readonly files: Readonly<Record<string, string>>
  /** The command, which is run in that folder. */
  readonly command: readonly [command: string, ...args: readonly string[]]
}

/** Runs a program to its end, and returns its exit code and what it has printed. */
export async function run({ files, command: [command, ...args] }: Program) {
  const folder = mkdtempSync(join(tmpdir(), 'behalf-languages-'))
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
    const child = spawn(command, args, {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...goEnvironment },
    })
    const exited = new Promise<number | null>((resolve, reject) => {
      child.once('error', reject).once('close', resolve)
    })
    const [printed, complaints, code] = await Promise.all([text(child.stdout), text(child.stderr), exited])
    return { code, printed, complaints }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
