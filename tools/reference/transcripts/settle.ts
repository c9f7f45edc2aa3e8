import { createHash } from 'node:crypto'

/** When everything happens, in seconds since the epoch: 2026-12-01 09:00:00 UTC. */
const settledStart = 1_796_115_600

/** Below it, ports were chosen by whoever wrote the command; above, by the system or by `freePort`. */
const firstFreePort = 10_000

/**
 * Makes what differs between two runs the same: ports that nobody chose, ids, times. What was equal stays equal, times
 * keep their distance to a minute, and nothing gets longer or shorter, since much is printed in columns.
 *
 * @param text - what one command has printed
 * @param ports - what is written for the ports that the run was given
 */
export function settle(text: string, ports: ReadonlyMap<number, number> = new Map()): string {
  const seconds = [...text.matchAll(/\b1[789]\d{8}\b/g)].map(([found]) => Number(found))
  const start = Math.min(...seconds)
  const settledTime = (time: number): number => settledStart + Math.round((time - start) / 60) * 60
  const given = new Map(ports)
  let others = 0
  const ids = new Map<string, number>()
  const decisions = new Set<string>()
  return text
    .replace(/(?<=127\.0\.0\.1:)\d+/g, (port) => {
      const known = given.get(Number(port))
      if (known !== undefined) return String(known)
      if (Number(port) < firstFreePort) return port
      given.set(Number(port), 40_000 + ++others)
      return String(40_000 + others)
    })
    .replace(/(?<=--port )\d+/g, (port) => String(given.get(Number(port)) ?? port))
    .replace(/\bAT\.([\w-]{8})[\w-]*|(?<=OKTA_API_TOKEN=)[\w-]{20,}/g, (id) => {
      // Columns cut ids off, so that only their beginnings can be compared.
      const beginning = id.slice(0, 11)
      const number = ids.get(beginning) ?? ids.size + 1
      ids.set(beginning, number)
      const digest = createHash('sha256').update(String(number)).digest('base64url')
      const kind = id.startsWith('AT.') ? 'AT.' : '00'
      return `${kind}${digest.repeat(3).slice(0, id.length - kind.length)}`
    })
    .replace(/(?<="([xy])": ")[\w-]{43}(?=")/g, (_, coordinate: string) =>
      createHash('sha256').update(coordinate).digest('base64url'),
    )
    .replace(/(?<=\(decision )[\da-f-]{36}(?=\))/g, (id) => {
      const number = [...decisions.add(id)].indexOf(id) + 1
      return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
    })
    .replace(/\b1[789]\d{8}\b/g, (time) => String(settledTime(Number(time))))
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/g, (time) => {
      const settled = settledTime(Date.parse(time.replace(' UTC', 'Z').replace(' ', 'T')) / 1000)
      return `${new Date(settled * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`
    })
    .replace(/\b\d s (ago|apart)/g, '1 s $1')
    .replace(/\bin (?:59|60) min\b/g, 'in 60 min')
    .replace(/\bin (?:4|5) min\b/g, 'in 5 min')
    .replace(/\b\d+ ms\b/g, '5 ms')
}
