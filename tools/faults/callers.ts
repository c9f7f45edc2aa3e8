/**
 * 2 000 callers without the secret in a process of their own: each sends headers and 255 KB but for the last byte, and
 * holds its connection. Tells how many were answered, and ends when told to.
 */
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export const callers = 2_000
const bodyBytes = 255_000

const origin = process.argv[2]
if (origin !== undefined && process.send !== undefined) {
  const { hostname, port } = new URL(origin)
  const head = `POST /inline-hook HTTP/1.1\r\nhost: hook\r\ncontent-type: application/json\r\ncontent-length: ${bodyBytes}\r\n\r\n`
  const bytes = Buffer.concat([Buffer.from(head), Buffer.alloc(bodyBytes - 1, 'x')])
  let answered = 0
  for (let index = 0; index < callers; index++) {
    const socket = connect(Number(port), hostname, () => socket.write(bytes))
    // A caller that is cut off counts as one without an answer, unless it had one.
    socket.on('error', () => undefined)
    socket.once('data', () => answered++)
    if (index % 50 === 0) await sleep(1)
  }
  const startedAt = performance.now()
  while (answered < callers && performance.now() - startedAt < 10_000) await sleep(20)
  process.send(answered)
}
