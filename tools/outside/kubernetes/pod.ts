import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../free-port.ts'
import { root } from '../../workspace.ts'
import type { Container, PodTemplate, Probe } from './pod-template.ts'

/** Files of a volume, by name. */
export type Files = Readonly<Record<string, string>>

/** What a pod is given that its template only names. */
export interface PodVolumes {
  readonly config: Files
  readonly secrets: Files
}

/**
 * A pod of the hook as kubelet runs it, but for the container: `behalf` itself, started with the arguments of the template, its
 * volumes laid out as kubelet lays them out, its probes asked when the template says.
 */
export class Pod implements AsyncDisposable {
  readonly port: number
  readonly #child: ChildProcess
  readonly #container: Container
  readonly #graceMs: number
  readonly #folder: string
  readonly #exited: Promise<unknown>
  /** What it has written to standard error. */
  complaints = ''

  private constructor(
    port: number,
    child: ChildProcess,
    template: PodTemplate,
    container: Container,
    folder: string,
  ) {
    this.port = port
    this.#child = child
    this.#container = container
    this.#graceMs = (template.terminationGracePeriodSeconds ?? 30) * 1_000
    this.#folder = folder
    this.#exited = once(child, 'exit')
    child.stdout?.resume()
    child.stderr?.on('data', (text: Buffer) => {
      this.complaints += text.toString()
    })
  }

  /** Starts a pod, and returns when its startup probe has succeeded and then its readiness probe. */
  static async start(template: PodTemplate, { config, secrets }: PodVolumes): Promise<Pod> {
    const [container] = template.containers
    if (container === undefined) throw new Error('the pod has no container')
    const folder = mkdtempSync(join(tmpdir(), 'behalf-pod-'))
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    mount(join(folder, 'secrets'), secrets)
    const here = Object.entries(config).map(([name, text]) => [
      name,
      text.replaceAll('/run/secrets/behalf', join(folder, 'secrets')),
    ])
    mount(join(folder, 'config'), Object.fromEntries(here))
    const port = await freePort()
    const args = (container.args ?? []).map((arg) =>
      arg.replace(/^--port=.*/, `--port=${port}`).replace(/^--host=.*/, '--host=127.0.0.1'),
    )
    const behalf = join(root, 'packages/cli/bin/behalf.js')
    const child = spawn(process.execPath, [behalf, ...args], { cwd: folder, env: {} })
    const pod = new Pod(port, child, template, container, folder)
    for (const probe of [container.startupProbe, container.readinessProbe])
      if (probe !== undefined) await pod.#succeed(probe)
    return pod
  }

  /**
   * Tells the process to end, as kubelet does when a pod is deleted, and kills it after the grace period.
   *
   * @returns its exit code; undefined when it had to be killed
   */
  async terminate(): Promise<number | undefined> {
    this.#child.kill('SIGTERM')
    const ended = await Promise.race([
      this.#exited.then(() => true),
      sleep(this.#graceMs, false, { ref: false }),
    ])
    if (!ended) this.#child.kill('SIGKILL')
    await this.#exited
    return this.#child.exitCode ?? undefined
  }

  async #succeed(probe: Probe): Promise<void> {
    for (let failures = 0; failures < probe.failureThreshold; failures++) {
      if (this.#child.exitCode !== null) break
      if (await this.#ask(probe)) return
      await sleep(probe.periodSeconds * 1_000)
    }
    throw new Error(`the pod did not become ready: ${this.complaints}`)
  }

  async #ask({ httpGet, timeoutSeconds }: Probe): Promise<boolean> {
    const declared = this.#container.ports?.some(({ name }) => name === httpGet?.port) === true
    if (httpGet === undefined || !declared)
      throw new Error('a probe asks another port than the container has')
    const answer = await fetch(`http://127.0.0.1:${this.port}${httpGet.path}`, {
      headers: { connection: 'close' },
      signal: AbortSignal.timeout(timeoutSeconds * 1_000),
    }).catch(() => undefined)
    await answer?.body?.cancel()
    return answer?.status === 200
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null) this.#child.kill('SIGKILL')
    await this.#exited
    rmSync(this.#folder, { recursive: true })
  }
}

/** Every file is a link through a link to the folder of this version, so that all change at once. */
function mount(folder: string, files: Files): void {
  mkdirSync(join(folder, '..version-1'), { recursive: true })
  symlinkSync('..version-1', join(folder, '..data'))
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, '..version-1', name), text)
    symlinkSync(join('..data', name), join(folder, name))
  }
}
