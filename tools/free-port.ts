import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * A port that is free now, for programs that cannot choose one themselves. It is none that systems give to those who ask
 * for any (from 32 768 on Linux), since every connection of another test asks for one, too, before it is used.
 */
export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1, 10_000, 32_000)
  return port
}

/** Free ports of four digits, for what is printed in columns; any, since others may look at the same moment. */
export function freePortsOfFourDigits(count: number): Promise<readonly number[]> {
  return freePorts(count, 4_100, 10_000)
}

async function freePorts(count: number, from: number, below: number): Promise<readonly number[]> {
  const ports = new Set<number>()
  for (let tries = 0; ports.size < count && tries < 1_000; tries++) {
    const port = randomInt(from, below)
    if (await isFree(port)) ports.add(port)
  }
  if (ports.size < count) throw new Error(`no port from ${from} to ${below} is free`)
  return [...ports]
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}
