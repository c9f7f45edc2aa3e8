import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import type { Clock } from '@behalf/core'
import { pause } from '@behalf/core/internal'
import { CommandError } from '../terminal/command.ts'

/** A module that serves an API, and what it is told. */
export interface OwnApi {
  /** For messages: `API A`. */
  readonly party: string
  readonly module: string
  /** Where it is to listen; its port is the module's `PORT`. */
  readonly url: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Gets what it prints. */
  readonly onLine: (line: string) => void
}

const startupMs = 15_000
const lookAgainMs = 50

/**
 * Starts an API of one's own, and anew whenever one of its files changes; resolves when it takes connections.
 *
 * @throws CommandError when another program listens there, or it ends, or it does not listen within 15 seconds
 */
export async function startOwnApi(
  { party, module, url, env, onLine }: OwnApi,
  clock: Clock,
): Promise<{ stop(): Promise<void> }> {
  const { hostname, port } = new URL(url)
  if (await takesConnections(hostname, Number(port)))
    throw new CommandError(`${party}: something listens on ${url} already`)
  const child = spawn(process.execPath, ['--watch', '--watch-preserve-output', module], {
    env: { ...env, PORT: port },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'close')
  let hasFailed = false
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => {
      // Node's own word for a program that has ended; it waits for a change of its files.
      hasFailed ||= /^Failed running /.test(line)
      onLine(line)
    })
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
    await ended
  }
  const isOver = (): boolean => hasFailed || child.exitCode !== null || child.signalCode !== null
  const lastLook = clock.now() + startupMs
  while (!(await takesConnections(hostname, Number(port)))) {
    if (isOver() || clock.now() > lastLook) {
      await stop()
      throw new CommandError(`${party}: ${module} does not listen on ${url}; what it said is above`)
    }
    await pause(clock, lookAgainMs)
  }
  return { stop }
}

async function takesConnections(host: string, port: number): Promise<boolean> {
  const socket = connect(port, host)
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
