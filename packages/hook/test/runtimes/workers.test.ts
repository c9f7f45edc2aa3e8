import type { LimitsConfig } from '@behalf/hook'
import { createWorker } from '@behalf/hook/workers'
import { hookEvent, ManualClock, TestIssuer, userClaims } from '@behalf/testing'
import { expect, it } from 'vitest'

const ask = () => new Request('https://hook.example/inline-hook', { method: 'POST', body: '{}' })
const good = {
  authenticate: { secrets: ['hook-secret-0123456789'] },
  issuers: [{ issuer: 'https://example.okta.com/oauth2/default', audiences: ['api://a'] }],
  clients: 'any',
} as const

it('denies while the configuration hangs, and serves once it comes', async () => {
  const configuration = Promise.withResolvers<typeof good>()
  const lines: string[] = []
  const worker = createWorker(() => configuration.promise, { log: (line) => lines.push(line) })
  const denied = await worker.fetch(ask(), {})
  expect([denied.status, await denied.text()]).toEqual([200, expect.stringContaining('internal_error')])
  configuration.resolve(good)
  const served = await worker.fetch(ask(), {})
  expect([served.status, await served.text()]).toEqual([
    200,
    expect.stringContaining('caller_unauthenticated'),
  ])
})

it('denies although its log fails', async () => {
  const log = (): never => {
    throw new Error('no log')
  }
  const worker = createWorker(() => Promise.reject(new Error('no configuration')), { log })
  const denied = await worker.fetch(ask(), {})
  expect([denied.status, await denied.text()]).toEqual([200, expect.stringContaining('internal_error')])
})

/** A Worker whose configuration comes when the test says so. */
function slowlyConfigured() {
  const clock = new ManualClock()
  const limits = Promise.withResolvers<LimitsConfig>()
  const worker = createWorker(async () => ({ ...good, limits: await limits.promise }), {
    clock,
    log: () => undefined,
  })
  return { clock, worker, configure: limits.resolve }
}

it('leaves no timer behind', async () => {
  const { clock, worker, configure } = slowlyConfigured()
  configure({})
  for (let request = 0; request < 2; request++) {
    await worker.fetch(ask(), {})
    expect(clock.pending).toBe(0)
  }
})

it('counts the deadline from the arrival of the request, the wait for the configuration included', async () => {
  const { clock, worker, configure } = slowlyConfigured()
  const answer = worker.fetch(ask(), {})
  clock.advance(900)
  configure({ deadlineMs: 800 })
  expect(await (await answer).text()).toContain('deadline_exceeded')
})

it('denies a body that does not come within the deadline, which counts from the arrival', async () => {
  const { clock, worker, configure } = slowlyConfigured()
  const begun = Promise.withResolvers<void>()
  const body = new ReadableStream({ pull: () => begun.resolve() }, { highWaterMark: 0 })
  const headers = { authorization: 'hook-secret-0123456789' }
  const url = 'https://hook.example/inline-hook'
  const request = new Request(url, { method: 'POST', headers, body, duplex: 'half' })
  const answer = worker.fetch(request, {})
  clock.advance(900)
  configure({ deadlineMs: 1_000 })
  await begun.promise
  clock.advance(100)
  expect(await (await answer).text()).toContain('deadline_exceeded')
})

it('goes on loading a configuration that takes longer than a request waits', async () => {
  const clock = new ManualClock()
  const configuration = Promise.withResolvers<typeof good>()
  const worker = createWorker(() => configuration.promise, { clock, log: () => undefined })
  const promised: Promise<unknown>[] = []
  const answer = worker.fetch(ask(), {}, { waitUntil: (promise) => promised.push(promise) })
  clock.advance(1_000)
  expect(await (await answer).text()).toContain('internal_error')
  const settled = Promise.race([Promise.all(promised).then(() => 'done'), new Promise(setImmediate)])
  expect(await settled).not.toBe('done')
  configuration.resolve(good)
  await Promise.all(promised)
})

it('has all that a request has begun go on after it, from the first moment', async () => {
  await using issuer = await TestIssuer.start()
  const held = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<void>()
  const before = issuer.keysAnswer
  issuer.keysAnswer = (response) => {
    begun.resolve()
    void held.promise.then(() => response.end(JSON.stringify({ keys: issuer.keys.map(({ jwk }) => jwk) })))
  }
  const worker = createWorker(
    () => ({ ...good, issuers: [{ issuer: issuer.issuer, audiences: ['api://a'] }] }),
    { log: () => undefined },
  )
  const assertion = issuer.sign(userClaims(Math.floor(Date.now() / 1_000)))
  const exchange = () =>
    new Request('https://hook.example/inline-hook', {
      method: 'POST',
      headers: { authorization: 'hook-secret-0123456789', 'content-type': 'application/json' },
      body: JSON.stringify(hookEvent({ assertion })),
    })
  const promised: Promise<unknown>[] = []
  const answer = worker.fetch(exchange(), {}, { waitUntil: (promise) => promised.push(promise) })
  expect(promised).toHaveLength(1)
  let isDone = false
  const done = promised[0]?.then(() => {
    isDone = true
  })
  await begun.promise
  // The answer comes when the wait for the keys is over; the fetch goes on.
  expect(await (await answer).text()).toContain('keys_unavailable')
  expect(isDone).toBe(false)
  issuer.keysAnswer = before
  held.resolve()
  await done
  expect(await (await worker.fetch(exchange(), {})).text()).toContain('"commands"')
})

it.each([
  'http://a b/inline-hook',
  '/inline-hook',
  'http://[::1/inline-hook',
  'http://host:99999/inline-hook',
])('answers a POST whose URL the runtime has put together to %s', async (url) => {
  const worker = createWorker(() => good, { log: () => undefined })
  const request = Object.defineProperty(ask(), 'url', { value: url })
  const answer = await worker.fetch(request, {})
  expect([answer.status, await answer.text()]).toEqual([
    200,
    expect.stringContaining('caller_unauthenticated'),
  ])
})
