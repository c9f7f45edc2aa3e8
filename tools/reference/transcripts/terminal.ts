import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { root } from '../../workspace.ts'

const behalf = `exec '${process.execPath}' '${join(root, 'packages/cli/bin/behalf.js')}'`

/** Terminals of somebody who follows a document, in an empty folder. */
export class Terminals implements AsyncDisposable {
  readonly #folder: string = mkdtempSync(join(tmpdir(), 'behalf-transcript-'))
  readonly #running = new Set<ChildProcess>()
  readonly #ports: ReadonlyMap<number, number>

  /** @param ports - the port to take in place of one that commands name */
  constructor(ports: ReadonlyMap<number, number>) {
    this.#ports = ports
  }

  /** Runs a command to its end; what it prints, the command before it. */
  async run(command: string): Promise<string> {
    const child = this.#start(command)
    const output = await text(child.stdout)
    return `$ ${command}\n${output}`
  }

  /** Starts a command that goes on, and returns what it prints until it listens, the command before it. */
  async serve(command: string): Promise<string> {
    const child = this.#start(command)
    let printed = ''
    for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
      printed += chunk
      if (/ listens on .*\n/.test(printed)) break
    }
    if (child.exitCode !== null) throw new Error(`it ended: ${printed}`)
    child.stdout.resume()
    return `$ ${command}\n${printed}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = [...this.#running].map((child) => once(child, 'exit'))
    for (const child of this.#running) child.kill('SIGKILL')
    await Promise.all(ended)
    rmSync(this.#folder, { recursive: true })
  }

  #start(command: string) {
    const here = command
      .replaceAll('npx behalf', behalf)
      .replace(/(?<=127\.0\.0\.1:|--port )\d+/g, (port) => String(this.#ports.get(Number(port)) ?? port))
    const child = spawn('bash', ['-c', `exec 2>&1\n${here}`], {
      cwd: this.#folder,
      env: { PATH: process.env['PATH'] },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    child.stdout.setEncoding('utf8')
    this.#running.add(child)
    child.once('exit', () => this.#running.delete(child))
    return child
  }
}
