import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

/** A port that is free now, for programs that cannot choose one themselves. */
export async function freePort(): Promise<number> {
  const port = await tryPort(0)
  if (port === undefined) throw new Error('no port is free')
  return port
}

/** Free ports of four digits, for what is printed in columns; any, since others may look at the same moment. */
export async function freePortsOfFourDigits(count: number): Promise<readonly number[]> {
  const ports = new Set<number>()
  for (let tries = 0; ports.size < count && tries < 1_000; tries++) {
    const port = await tryPort(randomInt(4_100, 10_000))
    if (port !== undefined) ports.add(port)
  }
  if (ports.size < count) throw new Error('no port of four digits is free')
  return [...ports]
}

async function tryPort(wanted: number): Promise<number | undefined> {
  const server = createServer().listen(wanted, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch {
    return undefined
  }
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : undefined
}
