import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const bin = fileURLToPath(new URL('../bin/behalf.js', import.meta.url))

/** The command line as its users run it: a process of its own. */
export class BehalfProcess implements AsyncDisposable {
  readonly child: ChildProcess
  readonly stdout: string[] = []
  readonly stderr: string[] = []
  readonly #exit: Promise<unknown>
  #waiting: { readonly pattern: RegExp; readonly resolve: (line: string) => void }[] = []

  constructor(
    args: readonly string[],
    options: { env?: Readonly<Record<string, string>>; cwd?: string } = {},
  ) {
    this.child = spawn(process.execPath, [bin, ...args], {
      env: { PATH: process.env['PATH'] ?? '', ...options.env },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    })
    this.#exit = once(this.child, 'close')
    for (const [stream, lines] of [
      [this.child.stdout, this.stdout],
      [this.child.stderr, this.stderr],
    ] as const) {
      if (stream === null) continue
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line)
        for (const { resolve } of this.#waiting.filter(({ pattern }) => pattern.test(line))) resolve(line)
        this.#waiting = this.#waiting.filter(({ pattern }) => !pattern.test(line))
      })
    }
  }

  /** Resolves with the first line, past or to come, that fits. */
  line(pattern: RegExp): Promise<string> {
    const printed = [...this.stdout, ...this.stderr].find((line) => pattern.test(line))
    if (printed !== undefined) return Promise.resolve(printed)
    return new Promise((resolve) => this.#waiting.push({ pattern, resolve }))
  }

  /** Resolves with the exit code when the process has ended. */
  async exitCode(): Promise<number | null> {
    await this.#exit
    return this.child.exitCode
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode === null) this.child.kill('SIGKILL')
    await this.#exit
  }
}

/** A folder with files in it that is gone after the test. */
export async function folderWith(
  files: Readonly<Record<string, string>>,
): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'behalf-'))
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true })
    await writeFile(join(path, name), content)
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}
