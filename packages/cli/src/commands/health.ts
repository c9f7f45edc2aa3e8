import { readFile } from 'node:fs/promises'
import { findOwnServer } from '../health/own-server.ts'
import { whyNotWell } from '../health/why-not-well.ts'
import { CommandError, type Terminal, UsageError } from '../terminal/command.ts'
import type { Input } from '../terminal/usage.ts'
import type { health } from '../usage/health.ts'

const pauseMs = 250

/** Asks a server whether it is well, until it is or time is up. */
export async function run(
  { options: { ready, wait }, words: [url] }: Input<typeof health>,
  { clock, env }: Terminal,
): Promise<number> {
  const server = url === undefined ? await mainProcess(env) : { url, caFile: undefined }
  if (!/^https?:$/.test(URL.parse(server.url)?.protocol ?? ''))
    throw new UsageError('URL must be an http or https URL, such as http://127.0.0.1:8090')
  const until = clock.now() + (wait ?? 0) * 1000
  for (;;) {
    const why = await whyNotWell(server, ready ? '/readyz' : '/healthz')
    if (why === undefined) return 0
    if (clock.now() >= until) throw new CommandError(`it is not well: ${why}`)
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}

/** The first process of a container is what the container is for. */
async function mainProcess(env: Terminal['env']): Promise<{ url: string; caFile: string | undefined }> {
  const commandLine = await readFile('/proc/1/cmdline', 'utf8').catch(() => '')
  const found = await findOwnServer(commandLine.split('\0').slice(0, -1), env)
  if (found !== undefined) return found
  throw new UsageError('the main process here is no behalf that listens; give the URL')
}
