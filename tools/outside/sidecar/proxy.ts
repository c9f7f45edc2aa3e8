import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../free-port.ts'
import { root } from '../../workspace.ts'
import { accepts } from '../listening.ts'

/** A proxy that is configured by the files of the documents. */
export interface ProxyProgram {
  /** What the sidecar calls it. */
  readonly name: 'nginx' | 'caddy' | 'haproxy'
  /** The files of `deploy/sidecar` that configure it. */
  readonly files: readonly string[]
  /** Writes what else it needs into its folder, and says how it is run. */
  readonly command: (folder: string) => readonly [command: string, ...args: readonly string[]]
}

/** A running proxy. */
export interface RunningProxy extends AsyncDisposable {
  readonly origin: string
  readonly port: number
}

/** The proxies that Debian has. */
export const proxyPrograms: readonly ProxyProgram[] = [
  {
    name: 'nginx',
    files: ['nginx.conf'],
    command(folder) {
      const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      writeFileSync(
        join(folder, 'main.conf'),
        `daemon off; worker_processes 1; pid nginx.pid; error_log error.log; user root;
        events {}
        http {
          access_log off;
          ${temporary.map((kind) => `${kind}_temp_path ${kind};`).join(' ')}
          include nginx.conf;
        }`,
      )
      return ['nginx', '-p', folder, '-c', 'main.conf', '-e', 'error.log']
    },
  },
  {
    name: 'caddy',
    files: ['Caddyfile'],
    command(folder) {
      const file = join(folder, 'Caddyfile')
      // The administration listens on a port that is always the same.
      writeFileSync(file, `{\n\tadmin off\n}\n${readFileSync(file, 'utf8')}`)
      return ['caddy', 'run', '--config', file, '--adapter', 'caddyfile']
    },
  },
  {
    name: 'haproxy',
    files: ['haproxy.cfg', 'behalf.lua'],
    command: (folder) => ['haproxy', '-f', join(folder, 'haproxy.cfg')],
  },
]

/** Starts a proxy before an API, with the sidecar beside it; the files are as they are but for their ports and their folder. */
export async function startProxy(
  { files, command }: ProxyProgram,
  { sidecar, api }: { readonly sidecar: string; readonly api: string },
): Promise<RunningProxy> {
  const folder = mkdtempSync(join(tmpdir(), 'behalf-proxy-'))
  const port = await freePort()
  for (const file of files) {
    const text = readFileSync(join(root, 'deploy/sidecar', file), 'utf8')
      .replaceAll('127.0.0.1:8081', new URL(sidecar).host)
      .replaceAll('127.0.0.1:3000', new URL(api).host)
      .replaceAll('127.0.0.1:8000', `127.0.0.1:${port}`)
      .replaceAll('/etc/haproxy/', `${folder}/`)
    writeFileSync(join(folder, file), text)
  }
  const [program, ...args] = command(folder)
  const child = spawn(program, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, HOME: folder },
  })
  let said = ''
  child.stderr.on('data', (text: Buffer) => {
    said += text.toString()
  })
  const exited = once(child, 'exit')
  await Promise.race([
    accepts(port),
    exited.then(() => {
      throw new Error(`${program} ended: ${said}`)
    }),
  ])
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await exited
      rmSync(folder, { recursive: true })
    },
  }
}
