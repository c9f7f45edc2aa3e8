import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { signJwt, userClaims } from '@behalf/testing'
import { type Fault, find, seconds } from './fault.ts'
import { connections, flood } from './load.ts'
import { deadlineMs, percentile, secret } from './okta.ts'
import { keys, Stage } from './stage.ts'

const sigterm: Fault = {
  name: 'SIGTERM under load',
  async run() {
    await using stage = await Stage.set()
    await stage.hook.ready()
    const questions = stage.exchanges()
    // A load balancer that asks for readiness four times a second and takes the first refusal seriously.
    let inRotation = true
    let turnedMs = 0
    let terminatedAt = Number.POSITIVE_INFINITY
    const balancer = (async () => {
      while (inRotation) {
        inRotation = (await stage.hook.readiness()) === 200
        await sleep(250)
      }
      turnedMs = performance.now() - terminatedAt
    })()
    const traffic = (async () => {
      for (let index = 0; inRotation; index += 50)
        await stage.load(200, 250, (more) => questions[(index + more) % questions.length] ?? {})
    })()
    await sleep(1_500)
    terminatedAt = performance.now()
    stage.hook.child.kill('SIGTERM')
    const [code] = await once(stage.hook.child, 'exit')
    const exitMs = performance.now() - terminatedAt
    await Promise.all([balancer, traffic])
    stage.expect(code === 0, `exit code ${code}`)
    stage.expect(exitMs <= 5_000, `exit after ${seconds(exitMs)}`)
    stage.expect(
      stage.okta.results.every(({ outcome }) => outcome === 'delegated'),
      'a request failed',
    )
    return find(stage, undefined, `/readyz turned within ${seconds(turnedMs)}, exit after ${seconds(exitMs)}`)
  },
}

const aborts: Fault = {
  name: 'callers that go away, before and after the body',
  async run() {
    await using stage = await Stage.set()
    await stage.hook.ready()
    const questions = stage.exchanges()
    const aborting = (async () => {
      for (let count = 0; count < 400; count++) {
        const socket = await open(stage)
        const body = JSON.stringify({ padding: 'x'.repeat(2_000) })
        const part = count % 2 === 0 ? body : body.slice(0, 500)
        socket.write(head(body.length) + part, () => socket.destroy())
        await sleep(5)
      }
    })()
    await stage.load(50, 2_500, (index) => questions[index % questions.length] ?? {})
    await aborting
    stage.expect(
      stage.okta.results.every(({ outcome }) => outcome === 'delegated'),
      'a good request was affected',
    )
    return find(stage, undefined, '400 gone')
  },
}

const slowClients: Fault = {
  name: '500 slow clients',
  async run() {
    await using stage = await Stage.set()
    await stage.hook.ready()
    const questions = stage.exchanges()
    const started = performance.now()
    const sockets = await Promise.all(Array.from({ length: 500 }, () => open(stage)))
    const closedMs: number[] = []
    const drips = sockets.map((socket, index) => {
      // Some never finish their headers, some their body, some say nothing at all.
      const text = index % 3 === 0 ? '' : index % 3 === 1 ? head(5_000).slice(0, 40) : head(5_000)
      socket.write(text)
      const drip = setInterval(() => index % 3 !== 0 && !socket.destroyed && socket.write('x'), 500)
      socket.resume()
      socket.once('close', () => {
        clearInterval(drip)
        closedMs.push(performance.now() - started)
      })
      return drip
    })
    const results = await stage.load(50, 10_000, (index) => questions[index % questions.length] ?? {})
    for (const drip of drips) clearInterval(drip)
    const open10 = sockets.filter(({ destroyed }) => !destroyed).length
    for (const socket of sockets) socket.destroy()
    stage.expect(open10 === 0, `${open10} sockets open after 10 s`)
    stage.expect(
      results.every(({ outcome }) => outcome === 'delegated'),
      'a good request was affected',
    )
    const p99 = percentile(
      results.map(({ elapsedMs }) => elapsedMs),
      0.99,
    )
    stage.expect(p99 < 500, `p99 of good requests ${Math.round(p99)} ms`)
    return find(stage, undefined, `last socket closed after ${seconds(Math.max(...closedMs))}`)
  },
}

const blockedOutput: Fault = {
  name: 'output pipe blocked',
  async run() {
    await using stage = await Stage.set({ readOutput: false })
    await stage.hook.ready()
    const questions = stage.exchanges()
    const open = await connections(stage, 20)
    await flood(stage, open, 500, 7_000, (index) => questions[index % questions.length] ?? {})
    for (const connection of open) connection.close()
    stage.expect(
      stage.okta.results.every(({ outcome }) => outcome === 'delegated'),
      'a request was affected',
    )
    stage.hook.readOutput()
    await sleep(500)
    await stage.okta.ask(stage.exchange())
    await sleep(500)
    const counted = stage.hook.output.map((line) => /"droppedRecords":(\d+)/.exec(line)?.[1]).find(Boolean)
    stage.expect(counted !== undefined, 'dropped records were not counted')
    return find(stage, undefined, `${counted} records dropped and counted`)
  },
}

const readOnly: Fault = {
  name: 'no file can be written',
  async run() {
    await using stage = await Stage.set({ nodeOptions: ['--permission', '--allow-fs-read=*'] })
    await stage.hook.ready()
    const questions = stage.exchanges()
    await stage.load(20, 1_000, (index) => questions[index % questions.length] ?? {})
    stage.expect(
      stage.okta.results.every(({ outcome }) => outcome === 'delegated'),
      'a request was affected',
    )
    return find(stage)
  },
}

/** The hook's clock off by so much is its issuer's off the other way. */
const wrongClock: Fault = {
  name: 'clock off by -120 to +120 s',
  async run() {
    await using stage = await Stage.set()
    await stage.hook.ready()
    for (let offset = -120; offset <= 120; offset += 10) {
      const issuedAt = Math.floor(Date.now() / 1_000) - offset
      const claims = userClaims(issuedAt, { sub: 'ann@example.com', iss: stage.issuer.issuer })
      const { code } = await stage.okta.ask({
        assertion: signJwt(keys.current, claims),
        user: 'ann@example.com',
      })
      const expected = offset < -60 ? 'assertion_not_yet_valid' : 'permit'
      stage.expect(code === expected, `off by ${offset} s: ${code}`)
    }
    return find(stage)
  },
}

const beyondCapacity: Fault = {
  name: 'five times the capacity of a slow policy',
  async run() {
    await using stage = await Stage.set({
      config: `limits: { maxConcurrentRequests: 20 },
        policy: async () => { await new Promise((resolve) => setTimeout(resolve, 250)); return { decision: 'permit' } },`,
    })
    await stage.hook.ready()
    const questions = stage.exchanges()
    await stage.load(400, 5_000, (index) => questions[index % questions.length] ?? {})
    const { results } = stage.okta
    const granted = results.filter(({ outcome }) => outcome === 'delegated').length
    stage.expect(granted >= 200, `only ${granted} granted`)
    stage.expect(
      results.every(({ code }) => code === 'permit' || code === 'overloaded'),
      'another denial than overloaded',
    )
    const recoveryMs = await stage.recovery()
    const p99 = percentile(
      results.map(({ elapsedMs }) => elapsedMs),
      0.99,
    )
    stage.expect(p99 < deadlineMs, `p99 ${Math.round(p99)} ms`)
    return find(stage, recoveryMs, `p99 ${Math.round(p99)} ms`)
  },
}

async function open(stage: Stage): Promise<Socket> {
  const { hostname, port } = new URL(stage.hook.origin)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return socket
}

function head(contentLength: number): string {
  return `POST /inline-hook HTTP/1.1\r\nhost: hook\r\nauthorization: ${secret}\r\ncontent-type: application/json\r\ncontent-length: ${contentLength}\r\n\r\n`
}

export const processFaults: readonly Fault[] = [
  sigterm,
  aborts,
  slowClients,
  blockedOutput,
  readOnly,
  wrongClock,
  beyondCapacity,
]
