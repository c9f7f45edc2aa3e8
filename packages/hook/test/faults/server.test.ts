import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { connect, type Socket } from 'node:net'
import { Worker } from 'node:worker_threads'
import { createHook, type InternalErrorReport } from '@behalf/hook'
import { startNodeServer } from '@behalf/hook/node'
import { hookEvent, listen } from '@behalf/testing'
import { deadlineMs, ServedBench } from '@behalf/testing/hook'
import { describe, expect, it } from 'vitest'

const granted = { status: 200, outcome: 'ann@example.com' }

async function open(rig: ServedBench): Promise<Socket> {
  const { hostname, port } = new URL(rig.origin)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return socket
}

async function read(socket: Socket): Promise<string> {
  let text = ''
  for await (const chunk of socket) text += chunk
  return text
}

function head(rig: ServedBench, contentLength: number, more = ''): string {
  return `POST /inline-hook HTTP/1.1\r\nhost: ${new URL(rig.origin).host}\r\nauthorization: hook-secret-0123456789\r\n${more}content-length: ${contentLength}\r\n\r\n`
}

it('a request without Host is answered like any other, and not by Node with 400', async () => {
  await using rig = await ServedBench.start()
  await rig.hook.load()
  const body = JSON.stringify(hookEvent({ assertion: rig.sign() }))
  const socket = await open(rig)
  socket.end(`${head(rig, body.length, 'connection: close\r\n').replace(/host: .*\r\n/, '')}${body}`)
  expect(await read(socket)).toMatch(/^HTTP\/1\.1 200 OK\r\n.*"commands"/s)
})

it('is not ready while it has no secret that Okta could call with', async () => {
  let answer: readonly string[] | undefined
  const secrets = async (): Promise<readonly string[]> => {
    if (answer === undefined) throw new Error('the vault is sealed')
    return answer
  }
  await using rig = await ServedBench.start({ authenticate: { secrets } })
  await rig.hook.load()
  const ready = async (): Promise<number> => (await fetch(`${rig.origin}/readyz`)).status
  expect(await ready()).toBe(503)
  expect(rig.hook.secretsStatus()).toEqual({ ready: false, fault: 'Error was thrown' })
  answer = ['hook-secret-0123456789']
  rig.clock.advance(3_000)
  await ready()
  await rig.hook.load()
  expect(await ready()).toBe(200)
  expect(rig.hook.secretsStatus()).toEqual({ ready: true })
})

describe('the event loop', () => {
  it('held up for longer than half of the deadline sheds what has waited', async () => {
    let waitedMs = 0
    await using rig = await ServedBench.start({}, { waitedMs: () => waitedMs })
    waitedMs = 1_000
    expect(await rig.send()).toEqual(granted)
    waitedMs = 1_001
    expect(await rig.send()).toEqual({ status: 200, outcome: 'overloaded' })
    expect(rig.records.at(-1)).toMatchObject({ code: 'overloaded', durationMs: 1_001 })
  })

  it('sheds what has waited for the decisions about others that came in with it', async () => {
    let decided = 0
    await using rig: ServedBench = await ServedBench.start({
      policy: () => {
        decided++
        rig.clock.advance(600)
        return { decision: 'permit' }
      },
      limits: { policyTimeoutMs: 2_000 },
    })
    await rig.hook.load()
    const body = JSON.stringify(hookEvent({ assertion: rig.sign() }))
    const socket = await open(rig)
    socket.end(`${head(rig, body.length)}${body}`.repeat(3))
    await read(socket)
    expect(rig.records.map(({ code = 'permit' }) => code).toSorted()).toEqual([
      'overloaded',
      'permit',
      'permit',
    ])
    expect(decided).toBe(2)
  })

  it('counts the wait against the deadline', async () => {
    await using rig = await ServedBench.start(
      { policy: () => new Promise(() => undefined), limits: { policyTimeoutMs: 2_500 } },
      { waitedMs: () => 400 },
    )
    expect(await rig.exchange()).toMatchObject({ outcome: 'deadline_exceeded' })
    expect(rig.records.at(-1)?.durationMs).toBe(deadlineMs)
  })

  it('is measured: what arrives while it is busy is known to have waited', async () => {
    await using rig = await ServedBench.start()
    const measured = await startNodeServer(rig.hook, { drainDelayMs: 0, clock: rig.clock })
    const { hostname, port } = new URL(measured.origin)
    const socket = connect(Number(port), hostname)
    const send = async (keepBusyMs: number): Promise<string> => {
      socket.write(`${head(rig, 2)}{}`)
      const busyUntil = performance.now() + keepBusyMs
      while (performance.now() < busyUntil);
      const [answer] = await once(socket, 'data')
      return /"code":"(\w+)"/.exec(String(answer))?.[1] ?? ''
    }
    await once(socket, 'connect')
    expect(await send(0)).toBe('request_malformed')
    expect(await send(1_100)).toBe('overloaded')
    expect(rig.records.at(-1)?.durationMs).toBeGreaterThanOrEqual(1_100)
    expect(rig.records.at(-1)?.durationMs).toBeLessThan(5_000)
    // It has caught up.
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(await send(0)).toBe('request_malformed')
    socket.destroy()
    measured.server.close()
  })
})

describe('what Node gives up on', () => {
  /** A connection, its end at the hook, and what Node says of one that was too slow. */
  async function connection(
    rig: ServedBench,
  ): Promise<{ socket: Socket; timeOut: () => void; hasRead: (bytes: number) => Promise<void> }> {
    const taken = once(rig.running.server, 'connection')
    const socket = await open(rig)
    const [taker] = await taken
    const error = Object.assign(new Error('Request timeout'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' })
    return {
      socket,
      timeOut: () => rig.running.server.emit('clientError', error, taker),
      async hasRead(bytes) {
        while (taker.bytesRead < bytes) await new Promise(setImmediate)
      },
    }
  }

  it('is denied and closed when it cannot be read, once, and with all that is still coming', async () => {
    await using rig = await ServedBench.start()
    const socket = await open(rig)
    socket.write(`POST /inline-hook HTTP/1.1\r\nx-padding: ${'x'.repeat(100_000)}`)
    socket.end('x'.repeat(1_000_000))
    const text = await read(socket)
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(text.match(/request_malformed: /g)).toHaveLength(1)
    expect(rig.records.map(({ code }) => code)).toEqual(['request_malformed'])
  })

  it('is denied when its headers are too slow, and dropped when nothing came at all', async () => {
    await using rig = await ServedBench.start()
    const slow = await connection(rig)
    slow.socket.write('POST /inline-hook HTTP/1.1\r\n')
    await slow.hasRead(10)
    slow.timeOut()
    slow.timeOut()
    expect(await read(slow.socket)).toMatch(/^HTTP\/1\.1 200 OK\r\n.*deadline_exceeded: /s)
    const silent = await connection(rig)
    silent.timeOut()
    expect(await read(silent.socket)).toBe('')
    expect(rig.records.map(({ code }) => code)).toEqual(['deadline_exceeded'])
  })

  it('is answered when it had come in and was only not looked at yet', async () => {
    await using rig = await ServedBench.start()
    await rig.hook.load()
    const { socket, timeOut } = await connection(rig)
    const body = JSON.stringify(hookEvent({ assertion: rig.sign() }))
    socket.write(`${head(rig, body.length, 'connection: close\r\n')}${body}`)
    timeOut()
    expect(await read(socket)).toContain('"commands"')
  })
})

/** Connects and asks from a thread of its own, which a busy process does not hold up. */
const askers = `
  const { parentPort, workerData } = require('node:worker_threads')
  const { connect } = require('node:net')
  const request = 'POST /inline-hook HTTP/1.1\\r\\nhost: a\\r\\nauthorization: hook-secret-0123456789\\r\\nconnection: close\\r\\ncontent-length: 2\\r\\n\\r\\n{}'
  parentPort.once('message', () => {
    for (let index = 0; index < 30; index++) {
      const socket = connect(workerData, '127.0.0.1', () => socket.write(request))
      let text = ''
      socket.on('data', (chunk) => { text += chunk })
      socket.on('close', () => parentPort.postMessage(/"code":"(\\w+)"/.exec(text)?.[1]))
    }
  })
`

describe('connections that wait to be taken over', () => {
  it('are known to have waited, although only one is taken over a turn', async () => {
    await using rig = await ServedBench.start()
    const measured = await startNodeServer(rig.hook, { drainDelayMs: 0, clock: rig.clock })
    const worker = new Worker(askers, { eval: true, workerData: Number(new URL(measured.origin).port) })
    await once(worker, 'online')
    const ask = async (keepBusyMs: number): Promise<readonly unknown[]> => {
      const codes: unknown[] = []
      worker.on('message', (code) => codes.push(code))
      worker.postMessage('ask')
      const busyUntil = performance.now() + keepBusyMs
      while (performance.now() < busyUntil);
      await expect.poll(() => codes.length, { timeout: 10_000 }).toBe(30)
      return codes
    }
    const codes = await ask(1_300)
    expect(codes).toEqual(codes.map(() => 'overloaded'))
    await worker.terminate()
    measured.server.close()
  })
})

describe('a caller that', () => {
  it('sends its body too slowly is denied at the deadline and cut off soon after', async () => {
    await using rig = await ServedBench.start()
    const socket = await open(rig)
    socket.write(`${head(rig, 100)}{"half`)
    await expect.poll(() => rig.clock.pending).toBe(1)
    rig.clock.advance(deadlineMs)
    const [answer] = await once(socket, 'data')
    expect(String(answer)).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*connection: close[\s\S]*deadline_exceeded/i)
    rig.clock.advance(5_000)
    await read(socket)
    expect(socket.destroyed).toBe(true)
  })

  it('lets its headers trickle is denied before they are complete', async () => {
    await using rig = await ServedBench.start()
    await rig.hook.load()
    const body = JSON.stringify(hookEvent({ assertion: rig.sign() }))
    const socket = await open(rig)
    const start = head(rig, body.length)
    socket.write(start.slice(0, -60))
    let sent = start.length - 60
    // Three seconds for what is left of them.
    const trickle = setInterval(() => {
      socket.write(start.slice(sent, ++sent))
      if (sent === start.length) socket.write(body)
    }, 50)
    const [answer] = await once(socket, 'data')
    clearInterval(trickle)
    expect(String(answer)).toMatch(/^HTTP\/1\.1 200 OK\r\n.*deadline_exceeded: /s)
    expect(sent).toBeLessThan(start.length)
    expect(rig.records.map(({ code }) => code)).toEqual(['deadline_exceeded'])
    socket.destroy()
  })

  it.each([2_000, 2_800])(
    'waits for a decision is answered within 2.8 s of its first byte with %i ms',
    async (deadlineMs) => {
      await using rig = await ServedBench.start(
        { policy: () => new Promise(() => undefined), limits: { policyTimeoutMs: 2_500, deadlineMs } },
        { waitedMs: () => 700 },
      )
      await rig.hook.load()
      const answer = rig.send()
      await expect.poll(() => rig.clock.pending, { interval: 1 }).toBeGreaterThan(0)
      rig.clock.advance(2_100)
      expect(await answer).toEqual({ status: 200, outcome: 'deadline_exceeded' })
      expect(rig.records.at(-1)?.durationMs).toBeLessThanOrEqual(2_800)
    },
  )

  it('never finishes its headers is cut off', async () => {
    await using rig = await ServedBench.start()
    rig.running.server.headersTimeout = 1
    const socket = await open(rig)
    socket.write('POST /inline-hook HTTP/1.1\r\nhost: a')
    const openedAt = performance.now()
    expect(await read(socket)).not.toMatch(/^HTTP\/1\.1 5/)
    expect(performance.now() - openedAt).toBeLessThan(3_000)
  })

  it('goes away in the middle of the body, or before the answer, is recorded once and harms nobody', async () => {
    const gone = Promise.withResolvers<void>()
    await using rig = await ServedBench.start({
      policy: async () => {
        await gone.promise
        return { decision: 'permit' }
      },
    })
    await rig.hook.load()
    const closed: Promise<unknown>[] = []
    rig.running.server.on('connection', (taken) => closed.push(once(taken, 'close')))
    const body = JSON.stringify(hookEvent({ assertion: rig.sign() }))
    for (const part of [body.slice(0, 100), body]) {
      for (let count = 0; count < 20; count++) {
        const socket = await open(rig)
        socket.write(head(rig, Buffer.byteLength(body)) + part, () => socket.destroy())
      }
    }
    await expect.poll(() => closed.length).toBe(40)
    await Promise.all(closed)
    gone.resolve()
    expect(await rig.send()).toEqual(granted)
    const codes = rig.records.map(({ code = 'permit' }) => code).toSorted()
    expect(codes).toEqual([...Array(21).fill('permit'), ...Array(20).fill('request_malformed')])
    expect(new Set(rig.records.map(({ decisionId }) => decisionId)).size).toBe(41)
    expect(rig.clock.pending).toBe(0)
  })

  it.each([
    ['ends in the middle of its body', (rest: string) => rest.slice(0, 100)],
    ['sends what is no chunk', () => 'no chunk\r\n'],
  ])('%s is denied once', async (_, restOf) => {
    await using rig = await ServedBench.start()
    const isChunked = restOf('') !== ''
    const body = JSON.stringify(hookEvent({ assertion: rig.sign() }))
    const start = isChunked
      ? head(rig, 0).replace('content-length: 0', 'transfer-encoding: chunked')
      : head(rig, body.length)
    const taken = once(rig.running.server, 'connection')
    const socket = await open(rig)
    const [connection] = await taken
    const closed = once(connection, 'close')
    socket.end(start + restOf(body))
    expect(await read(socket)).toMatch(/^HTTP\/1\.1 200 OK\r\n.*request_malformed: /s)
    await closed
    expect(rig.records.map(({ code }) => code)).toEqual(['request_malformed'])
  })

  it('is not known is denied from its headers, and asked for no body', async () => {
    await using rig = await ServedBench.start()
    const socket = await open(rig)
    const start = head(rig, 200_000, 'expect: 100-continue\r\n').replace(/authorization: .*\r\n/, '')
    socket.write(start)
    const [answer] = await once(socket, 'data')
    expect(String(answer)).toMatch(/^HTTP\/1\.1 200 OK\r\n.*connection: close.*caller_unauthenticated: /is)
    expect(rig.records.map(({ code }) => code)).toEqual(['caller_unauthenticated'])
    socket.destroy()
  })

  it.each([
    ['expects to be told to continue', 'expect: 100-continue\r\n'],
    ['expects what nobody knows', 'expect: the-unexpected\r\n'],
    ['wants to upgrade', 'connection: upgrade, close\r\nupgrade: websocket\r\n'],
  ])('%s is answered like any other', async (_, more) => {
    await using rig = await ServedBench.start()
    await rig.hook.load()
    const body = JSON.stringify(hookEvent({ assertion: rig.sign() }))
    const socket = await open(rig)
    socket.write(head(rig, Buffer.byteLength(body), `connection: close\r\n${more}`) + body)
    expect(await read(socket)).toMatch(/HTTP\/1\.1 200 OK[\s\S]*"commands"/)
  })

  it('sends the whole URL, as to a proxy, reaches the hook', async () => {
    await using rig = await ServedBench.start()
    await rig.hook.load()
    const answer = await new Promise<string>((resolve, reject) => {
      const { hostname, port } = new URL(rig.origin)
      const request = httpRequest(
        {
          hostname,
          port,
          method: 'POST',
          path: `${rig.origin}/inline-hook?x`,
          headers: { authorization: 'hook-secret-0123456789' },
        },
        async (response) => resolve((await response.toArray()).join('')),
      )
      request.on('error', reject).end(JSON.stringify(hookEvent({ assertion: rig.sign() })))
    })
    expect(answer).toContain('"commands"')
  })
})

describe('hundreds of exchanges at once', () => {
  it('for different users keep every identity apart', async () => {
    await using rig = await ServedBench.start({
      policy: async ({ subject }) => {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 30))
        return { decision: subject.id.endsWith('3@example.com') ? 'forbid' : 'permit' }
      },
    })
    await rig.hook.load()
    const users = Array.from({ length: 300 }, (_, index) => `user-${index}@example.com`)
    const answers = await Promise.all(users.map((sub) => rig.send(rig.sign({ sub }))))
    for (const [index, sub] of users.entries()) {
      expect(answers[index]).toEqual({
        status: 200,
        outcome: sub.endsWith('3@example.com') ? 'policy_denied' : sub,
      })
    }
    expect(rig.records.filter(({ subject }) => subject === undefined)).toEqual([])
    expect(new Set(rig.records.map(({ subject }) => subject)).size).toBe(300)
  })
})

describe('too many requests at once', () => {
  it('are shed at once and do not disturb those under way', async () => {
    const waiting: (() => void)[] = []
    await using rig = await ServedBench.start({
      policy: () => new Promise((resolve) => waiting.push(() => resolve({ decision: 'permit' }))),
      limits: { maxConcurrentRequests: 10 },
    })
    await rig.hook.load()
    const first = Array.from({ length: 10 }, () => rig.send())
    await expect.poll(() => waiting.length).toBe(10)
    const shed = await Promise.all(Array.from({ length: 40 }, () => rig.send()))
    expect(shed).toEqual(shed.map(() => ({ status: 200, outcome: 'overloaded' })))
    for (const permit of waiting.splice(0)) permit()
    expect(await Promise.all(first)).toEqual(first.map(() => granted))
    const next = rig.send()
    await expect.poll(() => waiting.length).toBe(1)
    for (const permit of waiting) permit()
    expect(await next).toEqual(granted)
  })
})

describe('a receiver of decisions that', () => {
  it.each([
    [
      'throws',
      () => {
        throw new TypeError('full')
      },
    ],
    ['rejects', () => Promise.reject(new TypeError('full'))],
  ])('%s is reported and changes no answer', async (_, onDecision) => {
    await using rig = await ServedBench.start()
    const reports: InternalErrorReport[] = []
    const hook = createHook(
      {
        authenticate: { secrets: ['hook-secret-0123456789'] },
        issuers: [{ issuer: rig.issuer.issuer, audiences: ['api://a'] }],
        clients: 'any',
      },
      {
        clock: rig.clock,
        onDecision,
        onInternalError: (report) => {
          reports.push(report)
          throw new Error('full as well')
        },
      },
    )
    const answer = await hook.handle({
      headers: new Map([['authorization', ['hook-secret-0123456789']]]),
      body: JSON.stringify(hookEvent({ assertion: rig.sign() })),
    })
    expect(answer.body).toContain('"commands"')
    await expect.poll(() => reports).toMatchObject([{ name: 'TypeError' }])
    expect(JSON.stringify(reports)).not.toContain('full')
  })
})

describe('readiness', () => {
  async function statusOf(origin: string, path: string): Promise<number> {
    return (await fetch(`${origin}${path}`)).status
  }

  it('comes with the keys without any other request, and stays through an outage', async () => {
    await using rig = await ServedBench.start()
    rig.issuer.keysAnswer = { status: 500 }
    expect(await statusOf(rig.origin, '/readyz')).toBe(503)
    await expect.poll(() => rig.hook.status()[0]?.fault).toBeDefined()
    rig.issuer.keysAnswer = undefined
    rig.clock.advance(3_000)
    await expect.poll(() => statusOf(rig.origin, '/readyz')).toBe(200)
    // A hook without keys denies; one that gets no requests would let plain tokens through.
    rig.clock.advance(200 * 3_600_000)
    rig.issuer.keysAnswer = { status: 500 }
    expect(await rig.exchange()).toMatchObject({ outcome: 'keys_unavailable' })
    expect(await statusOf(rig.origin, '/readyz')).toBe(200)
  })

  it('ends before anything else when the server stops: it serves until load balancers have noticed', async () => {
    await using rig = await ServedBench.start({}, { drainDelayMs: 2_000 })
    await rig.hook.load()
    expect(await statusOf(rig.origin, '/readyz')).toBe(200)
    const stopped = rig.running.stop()
    expect(await statusOf(rig.origin, '/readyz')).toBe(503)
    expect(await statusOf(rig.origin, '/healthz')).toBe(200)
    expect(await rig.send()).toEqual(granted)
    rig.clock.advance(1_999)
    expect(await rig.send()).toEqual(granted)
    rig.clock.advance(1)
    await stopped
    await expect(rig.send()).rejects.toThrow()
    expect(rig.running.stop()).toBe(rig.running.stop())
  })

  it('has what is under way finished, and cuts off what does not finish', async () => {
    await using trap = await listen(() => undefined)
    const waiting: (() => void)[] = []
    await using rig = await ServedBench.start({
      policy: () => new Promise((resolve) => waiting.push(() => resolve({ decision: 'permit' }))),
    })
    await rig.hook.load()
    const underWay = rig.send()
    await expect.poll(() => waiting.length).toBe(1)
    const slow = await open(rig)
    slow.write(`${head(rig, 100)}{"half`)
    await expect.poll(() => rig.clock.pending).toBeGreaterThan(2)
    const stopped = rig.running.stop()
    rig.clock.advance(0)
    waiting[0]?.()
    expect(await underWay).toEqual(granted)
    rig.clock.advance(2_500)
    await stopped
    await read(slow)
    expect(trap.origin).toBeDefined()
  })
})
