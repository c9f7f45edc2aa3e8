import { type Exchange, hookNotes, type Sandbox } from '@behalf/sandbox'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type EndedExchange, ExchangeLog, keptExchanges } from '../src/exchanges/exchange-log.ts'
import { textWithoutTokens, withoutTokens } from '../src/exchanges/redaction.ts'
import { listenTo } from './event-source.ts'
import { type HookServer, json, listenAsHook, patches } from './hook-server.ts'
import { createQuickSandbox } from './quick-sandbox.ts'

const apiA = '0oaApiA0000000000001'
const credentials = `Basic ${Buffer.from(`${apiA}:api-a-secret-for-the-sandbox-only`).toString('base64')}`
const hookSecret = 'hook-secret-0123456789'
const act = { op: 'add', path: '/claims/act', value: { sub: apiA, act: { sub: 'earlier' } } }
const sub = { op: 'replace', path: '/claims/sub', value: 'alice@example.com' }

let answer: Parameters<typeof listenAsHook>[0]
let hook: HookServer
let sandbox: Sandbox
let assertion: string
beforeAll(async () => {
  hook = await listenAsHook((response) => answer(response))
  sandbox = await createQuickSandbox({ hook: { uri: hook.uri, secret: hookSecret } })
  assertion = await sandbox.userToken({ login: 'alice@example.com' })
})
afterAll(async () => {
  await sandbox.close()
  await hook[Symbol.asyncDispose]()
})
beforeEach(() => {
  answer = patches(act, sub)
  sandbox.clearFaults()
})

/** Asks for a token as API A does; returns it, and Okta's id of the request. */
async function exchange(query = new URLSearchParams({ assertion }).toString()) {
  const response = await fetch(`${sandbox.url}/oauth2/default/v1/token?${query}`, {
    method: 'POST',
    headers: { authorization: credentials },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'orders:read' }),
  })
  const { access_token: token = '' } = Object(await response.json())
  return { token: String(token), id: response.headers.get('x-okta-request-id') ?? '' }
}

async function list(query = ''): Promise<Exchange[]> {
  const response = await fetch(`${sandbox.url}/api/behalf/exchanges${query}`)
  return JSON.parse(await response.text())
}

async function last(): Promise<Exchange> {
  const found = (await list()).at(-1)
  if (found === undefined) throw new Error('nothing was recorded')
  return found
}

describe('GET /api/behalf/exchanges', () => {
  test('tells who asked for whom, what the hook made of it, what came out, when', async () => {
    const { id } = await exchange()
    const found = await last()
    expect(found).toMatchObject({
      id,
      outcome: 'delegated',
      status: 200,
      client: { id: apiA, label: 'API A' },
      subject: 'alice@example.com',
      actors: [apiA, 'earlier'],
      grantType: 'client_credentials',
      scopes: ['orders:read'],
      assertion: { kind: 'signed', claims: { sub: 'alice@example.com' } },
      token: { kind: 'signed', claims: { sub: 'alice@example.com', act: { sub: apiA } } },
      hook: { outcome: 'applied', uri: hook.uri },
      faults: [],
    })
    expect(found.events.map(({ eventType }) => eventType)).toEqual([
      'inline_hook.response.processed',
      'app.oauth2.as.token.grant.access_token',
    ])
    const { startedMs = 0, durationMs = 0 } = found.hook ?? {}
    expect(startedMs).toBeGreaterThanOrEqual(0)
    expect(startedMs + durationMs).toBeLessThanOrEqual(found.durationMs + 0.2)
  })

  test('says in words why a token is plain, and which faults were in force', async () => {
    await sandbox.injectFault({ kind: 'hook-unreachable' })
    await exchange()
    const found = await last()
    expect([found.outcome, found.hook?.outcome, found.faults]).toEqual([
      'plain',
      'failed',
      ['hook-unreachable'],
    ])
    expect(found.why).toMatch(/connection to the inline hook failed.*Okta fails open.*hook-unreachable/)
  })

  test.each([
    ['an error', { error: { errorSummary: 'policy_denied: no' } }, 'denied', /denied it.*policy_denied: no/],
    ['no command', {}, 'plain', /the hook answered, and changed nothing/],
  ])('says what %s of the hook leads to', async (_, document, outcome, why) => {
    answer = json(document)
    await exchange()
    const found = await last()
    expect([found.outcome, found.why]).toEqual([outcome, expect.stringMatching(why)])
  })

  test('tells of requests that Okta refuses itself', async () => {
    await sandbox.injectFault({ kind: 'rate-limit', endpoint: 'token' })
    await exchange()
    const limited = await last()
    expect(limited).toMatchObject({ outcome: 'refused', status: 429 })
    expect(limited).not.toHaveProperty('hook')
    sandbox.clearFaults()
    await fetch(`${sandbox.url}/oauth2/default/v1/token`, {
      method: 'POST',
      headers: { authorization: credentials },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'nobody:knows' }),
    })
    expect(await last()).toMatchObject({ outcome: 'refused', why: expect.stringContaining('invalid_scope') })
  })

  test('tells of a sealed assertion no more than its header', async () => {
    const header = Buffer.from('{"alg":"ECDH-ES","enc":"A256GCM","kid":"seal-1"}').toString('base64url')
    await exchange(`assertion=${header}..aXY.c2VhbGVk.dGFn`)
    expect((await last()).assertion).toEqual({
      kind: 'encrypted',
      header: { alg: 'ECDH-ES', enc: 'A256GCM', kid: 'seal-1' },
      characters: header.length + '..aXY.c2VhbGVk.dGFn'.length,
    })
  })

  test('holds no token whole, wherever one travels, and no secret', async () => {
    answer = json({ debugContext: { echo: assertion }, commands: [] })
    const { token, id } = await exchange(`${new URLSearchParams({ assertion })}&copy=${assertion}`)
    const told = [
      await (await fetch(`${sandbox.url}/api/behalf/exchanges`)).text(),
      await (await fetch(`${sandbox.url}/api/behalf/exchanges/${id}/hook-request`)).text(),
      await (await fetch(`${sandbox.url}/api/behalf/exchanges/${id}/hook-answer`)).text(),
    ].join('\n')
    for (const secret of [token.split('.')[2], assertion.split('.')[2], hookSecret, 'api-a-secret'])
      expect(told).not.toContain(secret)
  })

  test('gives the request whole to who asks for that in particular, for a replay', async () => {
    const { id } = await exchange()
    const response = await fetch(`${sandbox.url}/api/behalf/exchanges/${id}/hook-request`, {
      method: 'POST',
      headers: { origin: sandbox.url },
    })
    expect(response.headers.get('content-disposition')).toContain('attachment')
    expect(JSON.parse(await response.text())).toEqual(hook.calls.at(-1)?.body)
  })

  test('tells what has changed since a revision', async () => {
    await exchange()
    const { revision } = await last()
    expect(await list(`?after=${revision}`)).toEqual([])
    const { id } = await exchange()
    expect((await list(`?after=${revision}`)).map((each) => each.id)).toEqual([id])
  })
})

describe('server-sent events', () => {
  test('tell of each exchange as it happens, and resume after the last that was heard', async () => {
    await exchange()
    const { revision } = await last()
    let id: string | undefined
    {
      await using heard = await listenTo(sandbox.url, String(revision))
      const first = await exchange()
      const event = await heard.next()
      expect(event.name).toBe('exchange')
      expect(JSON.parse(event.data)).toMatchObject({ id: first.id, outcome: 'delegated' })
      ;({ id } = event)
    }
    const missed = await exchange()
    await using again = await listenTo(sandbox.url, id)
    expect(JSON.parse((await again.next()).data).id).toBe(missed.id)
  })

  test('are for a bounded number of listeners', async () => {
    const listeners = await Promise.all(
      Array.from({ length: 50 }, () => listenTo(sandbox.url, String(Number.MAX_SAFE_INTEGER))),
    )
    const headers = { accept: 'text/event-stream' }
    const refused = await fetch(`${sandbox.url}/api/behalf/exchanges`, { headers })
    expect(refused.status).toBe(429)
    for (const listener of listeners) await listener[Symbol.asyncDispose]()
    await expect
      .poll(async () => {
        const controller = new AbortController()
        const { status } = await fetch(`${sandbox.url}/api/behalf/exchanges`, {
          headers,
          signal: controller.signal,
        })
        controller.abort()
        return status
      })
      .toBe(200)
  })
})

describe('annotate', () => {
  test('adds what others know, by the request or by the token', async () => {
    const { id, token } = await exchange()
    const { jti } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
    const step = { step: 'verify the assertion', outcome: 'continued' } as const
    expect(sandbox.annotate({ requestId: id }, { steps: [step], policies: ['orders'] })).toBe(true)
    const call = { party: 'API B', accepted: true, outcome: 'answers 200' }
    expect(sandbox.annotate({ tokenId: jti }, { calls: [call] })).toBe(true)
    expect(await last()).toMatchObject({ id, steps: [step], policies: ['orders'], calls: [call] })
    expect(sandbox.annotate({ requestId: 'reqUnknown' }, { policies: ['x'] })).toBe(false)
  })

  test('says who of the actors is an AI agent, by the token or as the hook tells of a denial', async () => {
    const agent = { ...act, value: { sub: apiA, sub_profile: 'ai_agent', act: { sub: 'earlier' } } }
    answer = patches(agent, sub)
    await exchange()
    expect(await last()).toMatchObject({ actors: [apiA, 'earlier'], agents: [apiA] })
    answer = json({ error: { errorSummary: 'policy_denied: no' } })
    const { id } = await exchange()
    expect((await last()).agents).toEqual([])
    const notes = hookNotes(sandbox.annotate)
    notes.onStep({ decisionId: 'd', step: 'policy', outcome: 'denied', code: 'policy_denied' })
    notes.onDecision({
      decisionId: 'd',
      requestId: id,
      subject: 'ann',
      agents: [apiA],
      policies: ['no-agents'],
    })
    expect(await last()).toMatchObject({
      id,
      actors: [],
      agents: [apiA],
      policies: ['no-agents'],
      steps: [{ step: 'policy', outcome: 'denied', code: 'policy_denied' }],
    })
  })

  test('takes what is known before the exchange has ended', async () => {
    answer = (response) => {
      const { data } = Object(hook.calls.at(-1)?.body)
      sandbox.annotate({ requestId: data.context.request.id }, { policies: ['early'] })
      patches(act, sub)(response)
    }
    await exchange()
    expect((await last()).policies).toEqual(['early'])
  })

  test('names every fault of key and note', () => {
    const wrong: object = { policies: 'one', stepps: [] }
    expect(() => sandbox.annotate({ requestId: 'x' }, wrong)).toThrow(
      /policies: expected a list[\s\S]*stepps/,
    )
    const nothing: { requestId: string } = Object({})
    expect(() => sandbox.annotate(nothing, {})).toThrow(/requestId/)
  })
})

describe('the log of exchanges', () => {
  const ended = (id: number, text = ''): EndedExchange => ({
    id: String(id),
    time: '2026-11-29T00:00:00.000Z',
    durationMs: 1,
    status: 200,
    server: { id: 'behalf', issuer: 'https://okta.example' },
    scopes: [],
    agents: [],
    outcome: 'plain',
    why: text,
    actors: [],
    faults: [],
    events: [],
    steps: [],
    policies: [],
    calls: [],
  })

  test('keeps the last of a hundred thousand, and no more', () => {
    const log = new ExchangeLog({ now: () => 0 })
    for (let id = 1; id <= 100_000; id++) {
      log.begin(String(id))
      log.add(ended(id), {})
    }
    const kept = log.since(0)
    expect([kept.length, kept[0]?.id, kept.at(-1)?.id]).toEqual([keptExchanges, '99501', '100000'])
    expect(log.find('99500')).toBeUndefined()
    expect(log.papersOf('99500')).toBeUndefined()
  })

  test('keeps fewer when they are large, documents of the hook and notes included', () => {
    const log = new ExchangeLog({ now: () => 0 })
    const megabyte = 'x'.repeat(1024 * 1024)
    for (let id = 1; id <= 100; id++) log.add(ended(id, megabyte), { request: megabyte })
    expect(log.since(0).length).toBe(7)
    log.add(ended(101), {})
    for (let round = 0; round < 1000; round++)
      log.annotate(
        { requestId: '101' },
        { calls: [{ party: 'API B', accepted: true, outcome: String(round) }] },
      )
    expect(log.find('101')?.calls.map(({ outcome }) => outcome)).toEqual(
      Array.from({ length: 50 }, (_, index) => String(950 + index)),
    )
  })
})

describe('tokens are left out of', () => {
  const token = `eyJhbGciOiJSUzI1NiJ9.${'a'.repeat(40)}.${'b'.repeat(40)}`

  test.each([
    ['a text', `see ${token}.`],
    ['a URL', `https://okta.example/v1/token?assertion=${token}&x=${token}`],
    ['a URL that spells it in its own way', `/v1/token?asser%74ion=${token.replaceAll('.', '%2e')}`],
    ['a URL that spells all of it', `/v1/token?assertion=%65yJhb.${'a'.repeat(40)}.${'b'.repeat(40)}`],
  ])('%s', (_, text) => {
    expect(textWithoutTokens(text)).not.toMatch(/a{40}|b{40}/)
  })

  test('documents, however deep, and members like __proto__ stay members', () => {
    const document = JSON.parse(`{"__proto__":{"x":["${token}"]},"deep":{"er":{"url":"/a?token=${token}"}}}`)
    const shown = JSON.stringify(withoutTokens(document))
    expect(shown).not.toMatch(/a{40}|b{40}/)
    expect(shown).toContain('"__proto__":{"x":["[left out:')
  })
})
