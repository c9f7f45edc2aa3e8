import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../free-port.ts'

const observability = fileURLToPath(new URL('../../../deploy/observability/', import.meta.url))

/** Debian's Prometheus with the rules of `deploy/observability`, which looks twice a second and alerts without delay. */
export class Prometheus implements AsyncDisposable {
  readonly #origin: string
  readonly #folder: string
  readonly #child: ChildProcess

  private constructor(origin: string, folder: string, child: ChildProcess) {
    this.#origin = origin
    this.#folder = folder
    this.#child = child
  }

  /** @param targets - by job, where metrics are, e.g. `127.0.0.1:9464` */
  static async start(targets: Readonly<Record<string, readonly string[]>>): Promise<Prometheus> {
    const folder = await mkdtemp(join(tmpdir(), 'behalf-prometheus-'))
    const rules = await readFile(join(observability, 'alerts.yaml'), 'utf8')
    await writeFile(join(folder, 'alerts.yaml'), rules.replaceAll(/^( +for:) \S+$/gm, '$1 0s'))
    const jobs = Object.entries(targets).map(([job, places]) => ({
      job_name: job,
      static_configs: [{ targets: places }],
    }))
    const config = {
      global: { scrape_interval: '500ms', scrape_timeout: '500ms', evaluation_interval: '500ms' },
      rule_files: ['alerts.yaml'],
      scrape_configs: jobs,
    }
    // JSON is YAML.
    await writeFile(join(folder, 'prometheus.yaml'), JSON.stringify(config))
    const address = `127.0.0.1:${await freePort()}`
    const child = spawn(
      'prometheus',
      [
        `--config.file=${join(folder, 'prometheus.yaml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=${address}`,
        '--log.level=error',
      ],
      { stdio: 'inherit' },
    )
    const started = new Prometheus(`http://${address}`, folder, child)
    await started.#until(async () => (await started.#looks()) >= 0)
    return started
  }

  /** The names of the alerts that fire once everything was looked at several times more. */
  async firing(): Promise<readonly string[]> {
    const before = await this.#looks()
    await this.#until(async () => (await this.#looks()) >= before + 8)
    const { alerts } = Object(await this.#ask('/api/v1/alerts'))
    const names: readonly string[] = alerts
      .filter(({ state }: { state: string }) => state === 'firing')
      .map(({ labels }: { labels: { alertname: string } }) => labels.alertname)
    return [...new Set(names)].toSorted()
  }

  /** How often targets were looked at, reachable or not: of that one of which it was least. */
  async #looks(): Promise<number> {
    const { result } = Object(await this.#ask(`/api/v1/query?query=min(count_over_time(up[10m]))`))
    return Number(result[0]?.value[1] ?? 0)
  }

  async #ask(path: string): Promise<unknown> {
    const response = await fetch(`${this.#origin}${path}`)
    if (!response.ok) throw new Error(`Prometheus answered ${response.status} to ${path}`)
    return Object(await response.json()).data
  }

  async #until(holds: () => Promise<boolean>): Promise<void> {
    const untilMs = Date.now() + 30_000
    while (!(await holds().catch(() => false))) {
      if (Date.now() > untilMs) throw new Error('Prometheus did not get as far within 30 s')
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#child, 'exit')
    if (this.#child.exitCode === null) {
      this.#child.kill()
      await ended
    }
    await rm(this.#folder, { recursive: true, force: true })
  }
}
