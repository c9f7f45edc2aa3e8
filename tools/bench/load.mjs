import { readFileSync } from 'node:fs'
import { connect } from 'node:net'

/**
 * Puts load on a server over 50 connections and prints exchanges a second and the 99th percentile of the time
 * to the answer, as JSON: `load.mjs <origin> <file with request bodies, one a line> <seconds> <path> <media type> [<requests a second>]`.
 * With a rate, requests are due at fixed times and waiting for a free connection counts.
 */
const [origin, file, seconds, path, type, rate] = process.argv.slice(2)
const { hostname, port, host } = new URL(origin)
const requests = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((body) =>
    Buffer.from(
      `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: hook-secret-0123456789\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    ),
  )
const millis = []
const idle = []
const due = []
let sent = 0
let exchanged = 0
let stopped = false

function send(socket, dueAt) {
  socket.dueAt = dueAt
  socket.write(requests[sent++ % requests.length])
}

function free(socket) {
  if (stopped) return
  if (rate === undefined) send(socket, performance.now())
  else if (due.length > 0) send(socket, due.shift())
  else idle.push(socket)
}

for (let index = 0; index < 50; index++) {
  const socket = connect(Number(port), hostname, () => free(socket))
  socket.text = ''
  socket.setNoDelay(true).setEncoding('latin1')
  socket.on('data', (chunk) => {
    socket.text += chunk
    const end = socket.text.indexOf('\r\n\r\n')
    if (end === -1) return
    const length = Number(/content-length: (\d+)/i.exec(socket.text)?.[1])
    if (socket.text.length < end + 4 + length) return
    // A server that has too much to do denies; that is an answer, but no work done.
    if (socket.text.startsWith('HTTP/1.1 200') && !socket.text.includes('"error"')) exchanged++
    millis.push(performance.now() - socket.dueAt)
    socket.text = ''
    free(socket)
  })
}
const startedAt = performance.now()
if (rate !== undefined) {
  let planned = 0
  setInterval(() => {
    const now = performance.now()
    for (; planned < ((now - startedAt) / 1000) * Number(rate); planned++) {
      const socket = idle.shift()
      if (socket === undefined) due.push(startedAt + (planned / Number(rate)) * 1000)
      else send(socket, startedAt + (planned / Number(rate)) * 1000)
    }
  }, 1)
}
setTimeout(() => {
  stopped = true
  const elapsed = (performance.now() - startedAt) / 1000
  const sorted = millis.toSorted((a, b) => a - b)
  const p99 = sorted[Math.floor(sorted.length * 0.99)]
  console.log(JSON.stringify({ rate: exchanged / elapsed, p99, denied: millis.length - exchanged }))
  process.exit(0)
}, Number(seconds) * 1000)
