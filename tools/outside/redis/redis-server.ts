import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'
import { freePort } from '../../free-port.ts'

/** What brings it, and how it is found. */
export const redisServer = {
  debianPackage: 'redis-server',
  probe: ['redis-server', '--version'],
} as const

/** A Redis that runs until the test ends. */
export interface RedisServer {
  readonly url: string
  stop(): Promise<void>
  /** Has it take connections and answer nothing. */
  stall(): void
}

/** Starts a Redis that keeps nothing on disk. */
export async function startRedis(): Promise<RedisServer> {
  const port = await freePort()
  const redis = spawn('redis-server', [
    '--port',
    `${port}`,
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
  ])
  const stop = async (): Promise<void> => {
    if (redis.exitCode === null && redis.signalCode === null) {
      const exit = once(redis, 'exit')
      redis.kill('SIGKILL')
      await exit
    }
  }
  onTestFinished(stop)
  for await (const line of createInterface({ input: redis.stdout })) {
    if (line.includes('Ready to accept connections')) break
  }
  redis.stdout.resume()
  const stall = (): void => {
    redis.kill('SIGSTOP')
    onTestFinished(() => void redis.kill('SIGCONT'))
  }
  return { url: `redis://127.0.0.1:${port}`, stop, stall }
}
