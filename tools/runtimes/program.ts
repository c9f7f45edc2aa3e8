import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** A process of another runtime. */
export class Program implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #exit: Promise<unknown>
  /** The lines that it has written so far, to both outputs. */
  readonly output: string[] = []

  constructor(command: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    const [file = '', ...args] = command
    this.#child = spawn(file, args, {
      env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...environment },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    })
    this.#exit = once(this.#child, 'close')
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on('line', (line) => this.output.push(line))
    }
  }

  /** Resolves with what the first line that fits has in its parentheses; rejects when the process ends before. */
  async line(pattern: RegExp): Promise<string> {
    const ended = this.#exit.then(() => 'ended')
    for (;;) {
      for (const line of this.output) {
        const match = pattern.exec(line)
        if (match !== null) return match[1] ?? match[0]
      }
      const next = await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 10))])
      if (next === 'ended' && !this.output.some((line) => pattern.test(line)))
        throw new Error(`the process ended:\n${this.output.join('\n')}`)
    }
  }

  /** Resolves when the process has ended. */
  async ended(): Promise<undefined> {
    await this.#exit
    return undefined
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null) this.#child.kill('SIGKILL')
    await this.#exit
  }
}
