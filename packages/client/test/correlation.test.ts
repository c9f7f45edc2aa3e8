import { clientSecretBasic, createClient } from '@behalf/client'
import { forHono } from '@behalf/client/hono'
import { createHook, type DecisionRecord, type Forbid, type PolicyDecision } from '@behalf/hook'
import { startNodeServer } from '@behalf/hook/node'
import { createSandbox, defaultOrg } from '@behalf/sandbox'
import { oneServer } from '@behalf/testing'
import { Hono } from 'hono'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { refusal, startFixture } from './support/fixture.ts'

const [, apiA] = defaultOrg.apps
const login = 'alice@example.com'
const forbid = (told: Omit<Forbid, 'decision'>): PolicyDecision => ({ decision: 'forbid', ...told })

/** API A, Okta and the hook, each with its own record; `reaches` says whether Okta reaches the hook. */
async function start(decide: () => PolicyDecision, reaches = () => true) {
  let target: string | undefined
  const asked: string[] = []
  const sandbox = await createSandbox({
    ...oneServer,
    hook: { uri: 'http://127.0.0.1:9/inline-hook', secret: 'hook-secret-0123456789' },
    fetch: (url, init) => fetch((reaches() ? target : undefined) ?? url, init),
  })
  onTestFinished(() => sandbox.close())
  const issuer = sandbox.servers[0]?.issuer ?? ''
  const records: DecisionRecord[] = []
  const hook = createHook(
    {
      authenticate: { secrets: ['hook-secret-0123456789'] },
      issuers: [{ issuer, audiences: ['api://default'] }],
      clients: { [apiA.clientId]: {} },
      policy: decide,
    },
    { onDecision: (record) => records.push(record) },
  )
  const server = await startNodeServer(hook, { drainDelayMs: 0 })
  onTestFinished(async () => {
    await server.stop()
  })
  target = `${server.origin}/inline-hook`
  const client = createClient({
    issuer,
    clientId: apiA.clientId,
    auth: clientSecretBasic('api-a-secret-for-the-sandbox-only'),
    fetch: async (url, init) => {
      const response = await fetch(url, init)
      if (init?.method?.toUpperCase() === 'POST') asked.push(response.headers.get('x-okta-request-id') ?? '')
      return response
    },
  })
  const { onBehalfOf, errorHandler } = forHono(client, { dangerouslyUnverifiedCaller: true })
  const app = new Hono().get('/', async (c) => {
    await onBehalfOf(c, ['orders:read']).acquireToken()
    return c.text('permitted')
  })
  app.onError(errorHandler)
  const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
  onTestFinished(() => warned.mockRestore())
  const assertion = await sandbox.userToken({ login })
  return {
    asked,
    client,
    assertion,
    records,
    call: (authorization = `Bearer ${assertion}`) => app.request('/', { headers: { authorization } }),
    lines: () => warned.mock.calls.map(([line]) => String(line)),
  }
}

describe("a denial is found in the hook's record", () => {
  test.each<[string, () => PolicyDecision, string, number]>([
    ['a forbid', () => forbid({}), 'policy_denied', 403],
    [
      "a policy's words that look like it",
      () => forbid({ reason: 'No (decision another)' }),
      'policy_denied',
      403,
    ],
    [
      'a step-up',
      () => forbid({ needs: { acrValues: ['phr'] }, reason: 'Sign in again.' }),
      'step_up_required',
      401,
    ],
  ])('by both ids, out of the error and out of the log: %s', async (_, decide, code, status) => {
    const { client, assertion, records, asked, call, lines } = await start(decide)
    const error = await refusal(client.acquireToken({ assertion, scopes: ['orders:read'] }))
    const [record] = records
    expect(record).toMatchObject({ code, subject: login, requestId: asked[0], decisionId: error.decisionId })
    expect(error).toMatchObject({ code, requestId: asked[0] })

    expect((await call()).status).toBe(status)
    const [, second] = records
    expect(lines()).toEqual([
      expect.stringMatching(
        new RegExp(
          `^API A's caller was answered ${status}: ${code}: .*` +
            `\\[Okta's request ${second?.requestId}, the hook's decision ${second?.decisionId}\\]$`,
        ),
      ),
    ])
    expect(second?.requestId).toBe(asked[1])
  })

  test("by Okta's, where it gave a plain token because it did not reach the hook", async () => {
    const { client, assertion, asked, call, lines } = await start(
      () => ({ decision: 'permit' }),
      () => false,
    )
    const error = await refusal(client.acquireToken({ assertion, scopes: ['orders:read'] }))
    expect([error.code, error.requestId, error.decisionId]).toEqual([
      'token_undelegated',
      asked[0],
      undefined,
    ])
    expect((await call()).status).toBe(502)
    expect(lines()).toEqual([expect.stringContaining(` [Okta's request ${asked[1]}]`)])
  })

  test('a caller who gets no further than API A leaves no line', async () => {
    const { asked, call, lines } = await start(() => forbid({}))
    expect((await call('Bearer x')).status).toBe(401)
    expect([asked, lines()]).toEqual([[], []])
  })
})

describe('only an id is taken for one', () => {
  const id = '0b6d5c7e-2a9e-4f7e-9d0e-1f6f0c9c1c4d'
  test.each([
    [`policy_denied: No. (decision ${id})`, id],
    [`policy_denied: No (decision x). (decision ${id})`, id],
    [`step_up_required: (max_age=60) No. (decision ${id})`, id],
    ['policy_denied: No.', undefined],
    [`policy_denied: No. (decision ${id}) Really.`, undefined],
    [`policy_denied: No. (decision ${id}`, undefined],
    ['policy_denied: No. (decision )', undefined],
    [`policy_denied: No. (decision ${'a'.repeat(65)})`, undefined],
    ['policy_denied: No. (decision a b)', undefined],
    ['policy_denied: No. (decision a\u001b[31m)', undefined],
    ['policy_denied: No. (decision a\r\nb)', undefined],
    [`policy_denied: No. (decision ${id})\n`, undefined],
  ])('of %j', async (error_description, expected) => {
    const { server, client } = await startFixture()
    server.nextAnswers.push({ status: 400, body: { error: 'server_error', error_description } })
    const error = await refusal(client().acquireToken({ assertion: server.userToken(), scopes: [] }))
    expect(error.decisionId).toBe(expected)
  })

  test.each([
    ['req_9-Z', 'req_9-Z'],
    ['a b', undefined],
    ['a\u0080b', undefined],
    ['a'.repeat(129), undefined],
  ])("of the head of Okta's answer, %j", async (header, expected) => {
    const { server, client } = await startFixture()
    const headers = { 'x-okta-request-id': header }
    server.nextAnswers.push({ status: 400, headers, body: { error: 'invalid_scope' } })
    const error = await refusal(client().acquireToken({ assertion: server.userToken(), scopes: [] }))
    expect(error.requestId).toBe(expected)
  })
})
