import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { secret } from './okta.ts'

const behalf = fileURLToPath(new URL('../../packages/cli/bin/behalf.js', import.meta.url))

/** How a hook is started besides the configuration that all have in common. */
export interface HookOptions {
  readonly issuer: string
  /** More members of the issuer, in TypeScript. */
  readonly issuerConfig?: string
  /** More members of the configuration, in TypeScript. */
  readonly config?: string
  readonly arguments?: readonly string[]
  readonly nodeOptions?: readonly string[]
  /** False leaves its output unread, so that the pipe fills up. */
  readonly readOutput?: boolean
}

/** `behalf serve` as operators run it: a process of its own. */
export class HookProcess implements AsyncDisposable {
  readonly child: ChildProcess
  readonly origin: string
  /** The last lines that it printed. */
  readonly output: string[]
  readonly #folder: string

  private constructor(child: ChildProcess, origin: string, output: string[], folder: string) {
    this.child = child
    this.origin = origin
    this.output = output
    this.#folder = folder
  }

  static async start(options: HookOptions): Promise<HookProcess> {
    const { issuer, issuerConfig = '', config = '', readOutput = true } = options
    const folder = await mkdtemp(join(tmpdir(), 'behalf-'))
    const file = join(folder, 'behalf.config.ts')
    await writeFile(
      file,
      `export default {
        authenticate: { secrets: ['${secret}'] },
        issuers: [{ issuer: '${issuer}', audiences: ['api://a'], ${issuerConfig} }],
        clients: { '0oaApiA': { scopes: ['orders:read'] } },
        ${config}
      }`,
    )
    const child = spawn(
      process.execPath,
      [
        ...(options.nodeOptions ?? []),
        behalf,
        ...['serve', '--config', file, '--port', '0'],
        ...(options.arguments ?? []),
      ],
      { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] },
    )
    const { stdout, stderr } = child
    if (stdout === null || stderr === null) throw new Error('the process has no output')
    const lines = createInterface({ input: stdout })
    const complaints = createInterface({ input: stderr })
    const output: string[] = []
    complaints.on('line', (line) => keep(output, line))
    const origin = await new Promise<string>((resolve, reject) => {
      lines.on('line', (line) => {
        const [, found] = /listens on (http:\S+)\/inline-hook/.exec(line) ?? []
        if (found !== undefined) resolve(found)
      })
      child.once('exit', () => reject(new Error(`the hook did not start: ${output.join('\n')}`)))
    })
    if (readOutput) lines.on('line', (line) => keep(output, line))
    else {
      lines.pause()
      stdout.pause()
    }
    return new HookProcess(child, origin, output, folder)
  }

  /** Lets the output flow again after it was left unread. */
  readOutput(): void {
    this.child.stdout?.on('data', (chunk) => {
      for (const line of String(chunk).split('\n')) keep(this.output, line)
    })
    this.child.stdout?.resume()
  }

  /** The status of `/readyz`. */
  async readiness(): Promise<number> {
    const response = await fetch(`${this.origin}/readyz`, { headers: { connection: 'close' } })
    await response.body?.cancel()
    return response.status
  }

  async ready(): Promise<void> {
    while ((await this.readiness()) !== 200) await new Promise((resolve) => setTimeout(resolve, 20))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill('SIGKILL')
      await once(this.child, 'exit')
    }
    await rm(this.#folder, { recursive: true, force: true })
  }
}

function keep(lines: string[], line: string): void {
  lines.push(line)
  if (lines.length > 1_000) lines.shift()
}
