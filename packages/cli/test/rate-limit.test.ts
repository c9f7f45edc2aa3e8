import { createSandbox, defaultApiToken } from '@behalf/sandbox'
import { listen, ManualClock, oneServer } from '@behalf/testing'
import { describe, expect, it } from 'vitest'
import { nextPageOf } from '../src/okta/next-page.ts'
import { provision, runIn } from './provisioned-org.ts'
import { type RecordedTerminal, recordedTerminal } from './recorded-terminal.ts'

const hook = ['--hook', 'https://hook.example.com/inline-hook']

const terminalFor = (org: string): RecordedTerminal =>
  recordedTerminal({ env: { OKTA_ORG_URL: org, OKTA_API_TOKEN: defaultApiToken } })

/** Resolves when the command has said that it waits. */
async function untilTold(terminal: RecordedTerminal): Promise<void> {
  while (terminal.stderr.length === 0) await new Promise((resolve) => setImmediate(resolve))
}

describe('an org that limits the rate', () => {
  it('is waited for until the next window, and the person is told', async () => {
    await using sandbox = await createSandbox(oneServer)
    const id = await sandbox.injectFault({ kind: 'rate-limit', endpoint: 'management' })
    const terminal = terminalFor(sandbox.url)
    const done = runIn(terminal, hook)
    await untilTold(terminal)
    expect(terminal.stderr).toEqual([
      expect.stringMatching(
        /^Okta limits the rate of GET \/api\/v1\/inlineHooks, 600 calls in its window; going on in \d\d? s$/,
      ),
    ])
    sandbox.clearFaults(id)
    terminal.clock.advance(62_000)
    expect((await done).code).toBe(3)
  })

  it('is told of once, however many calls are made side by side', async () => {
    const clock = new ManualClock(Date.now())
    const rules = [{ name: 'R', grantTypes: ['authorization_code'] }]
    const policies = Array.from({ length: 8 }, (_, index) => ({ name: `P${index}`, rules }))
    await using sandbox = await createSandbox({
      ...oneServer,
      clock,
      rateLimits: { management: 5 },
      authorizationServers: [{ id: 'default', policies }],
    })
    const env = { OKTA_ORG_URL: sandbox.url, OKTA_API_TOKEN: defaultApiToken }
    const terminal = recordedTerminal({ env, clock })
    const done = runIn(terminal, hook)
    await untilTold(terminal)
    // The three that are over the limit wait, and the line of progress does.
    while (clock.pending < 4) await new Promise((resolve) => setImmediate(resolve))
    clock.advance(62_000)
    expect((await done).code).toBe(1)
    expect(terminal.stderr).toEqual([
      expect.stringMatching(/^Okta limits the rate .*, 5 calls in its window; going on in \d\d? s$/),
      expect.stringMatching(/has none at all/),
    ])
  })

  it('is not waited for twice over: the person is told when to come back', async () => {
    await using org = await listen((_, response) => {
      const reset = Math.floor(Date.now() / 1000) + 50
      response.writeHead(429, { 'x-rate-limit-reset': String(reset) }).end('{"errorCode":"E0000047"}')
    })
    const terminal = terminalFor(org.origin)
    const done = runIn(terminal, hook)
    await untilTold(terminal)
    terminal.clock.advance(62_000)
    expect((await done).code).toBe(1)
    expect(terminal.stderr[1]).toMatch(/limits the rate .*; come back in 5[0-2] s, at \d\d:\d\d:\d\d UTC/)
  })

  it('is not waited for at all when the next window is far, or when only Retry-After says so', async () => {
    for (const headers of [
      { 'x-rate-limit-reset': String(Math.floor(Date.now() / 1000) + 300) },
      { 'retry-after': '301' },
    ]) {
      await using org = await listen((_, response) =>
        response.writeHead(429, headers).end('{"errorCode":"E0000047"}'),
      )
      const { code, stderr } = await provision({ url: org.origin }, hook)
      expect([code, stderr]).toEqual([1, expect.stringMatching(/come back in (299|30[0-2]) s, at/)])
      expect(stderr).not.toContain('OKTA_ORG_URL')
    }
  })
})

describe('a command that is stopped', () => {
  it('ends its waiting, and makes no further call', async () => {
    await using sandbox = await createSandbox(oneServer)
    const id = await sandbox.injectFault({ kind: 'rate-limit', endpoint: 'management' })
    const terminal = terminalFor(sandbox.url)
    const done = runIn(terminal, hook)
    await untilTold(terminal)
    sandbox.clearFaults(id)
    terminal.stop()
    expect((await done).code).toBe(1)
    expect(terminal.stderr[1]).toMatch(/stopped before GET \/api\/v1\/inlineHooks/)
  })
})

describe('what answers in the place of an org', () => {
  it.each([
    [
      'no JSON',
      (text: string) => `<html>${text}`,
      /something that is no JSON; check that OKTA_ORG_URL is the org/,
    ],
    ['no list', () => '{}', /something that is no list of objects/],
    ['a list of something else', () => '["x"]', /something that is no list of objects/],
  ])('is told apart when it is %s', async (_, body, sentence) => {
    await using org = await listen((_request, response) => response.end(body('Sign in to the hotel')))
    const { code, stderr } = await provision({ url: org.origin }, hook)
    expect([code, stderr]).toEqual([1, expect.stringMatching(sentence)])
    expect(stderr).not.toContain('hotel')
  })

  it('is told when it breaks the connection off, without the query', async () => {
    await using org = await listen((request) => request.socket.destroy())
    const { code, stderr } = await provision({ url: org.origin }, hook)
    expect([code, stderr]).toEqual([1, expect.stringMatching(/ECONNRESET; the connection was broken off/)])
    expect(stderr).not.toContain('?')
  })
})

describe('the next page of a list', () => {
  it.each([
    [null, undefined],
    ['<https://a.example/api/v1/apps>; rel="self"', undefined],
    [
      '<https://a.example/x>; rel="self", <https://b.example/api/v1/apps?after=1,2&limit=2>; rel="next"',
      '/api/v1/apps?after=1,2&limit=2',
    ],
    ['</api/v1/apps?after=2>; title="more"; rel=next', '/api/v1/apps?after=2'],
    ['<https://a.example/x>; rel="nextish"', undefined],
  ])('is read from %j', (link, path) => {
    expect(nextPageOf(link)).toBe(path)
  })
})
