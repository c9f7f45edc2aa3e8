import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../free-port.ts'
import { accepts } from '../listening.ts'

/** An nginx that runs in the foreground, in a folder of its own that goes with it. */
export interface Nginx extends AsyncDisposable {
  readonly origin: string
  /** Where its logs are. */
  readonly folder: string
}

/**
 * Starts nginx with a file of `server` blocks' contents, in which `$name` stands for a value.
 *
 * @param server - the file, relative to this folder
 */
export async function startNginx(server: string, values: Readonly<Record<string, string>>): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), 'behalf-nginx-'))
  const port = await freePort()
  const contents = Object.entries(values).reduce(
    (text, [name, value]) => text.replaceAll(`%${name}%`, value),
    readFileSync(new URL(server, import.meta.url), 'utf8'),
  )
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; worker_processes 1; pid nginx.pid; error_log error.log; user root;
events {}
http {
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${kind};`).join(' ')}
  ${contents.replaceAll('%port%', String(port))}
}`,
  )
  const child = spawn('nginx', ['-p', folder, '-c', 'nginx.conf', '-e', 'error.log'], { stdio: 'inherit' })
  const exited = once(child, 'exit')
  await Promise.race([
    accepts(port),
    exited.then(() => {
      throw new Error(`nginx ended: ${readFileSync(join(folder, 'error.log'), 'utf8')}`)
    }),
  ])
  return {
    origin: `http://127.0.0.1:${port}`,
    folder,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await exited
      rmSync(folder, { recursive: true })
    },
  }
}
