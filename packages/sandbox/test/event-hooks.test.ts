import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { parseState, type Sandbox } from '@behalf/sandbox'
import { decodeJwt } from 'jose'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { callManagement } from './management-call.ts'
import { createQuickSandbox } from './quick-sandbox.ts'

const login = 'ann@example.com'
let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await createQuickSandbox({ users: [{ login, name: 'Ann' }, { login: 'bob@example.com' }] })
})
afterEach(() => sandbox.close())

interface Call {
  readonly method: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** The owner of an event hook: repeats challenges, and answers 204 unless told otherwise. */
async function listenForEvents() {
  const calls: Call[] = []
  const answers: ((response: ServerResponse) => void)[] = []
  const server = createServer(async (request, response) => {
    const { method, headers } = request
    calls.push({ method, headers, body: await text(request) })
    const verification = headers['x-okta-verification-challenge']
    const answer = answers.shift()
    if (answer !== undefined) answer(response)
    else if (verification !== undefined) response.end(JSON.stringify({ verification }))
    else response.writeHead(204).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { uri: `http://127.0.0.1:${Object(server.address()).port}/event-hook`, calls, answers }
}

const document = (
  uri: string,
  types = ['user.lifecycle.suspend', 'user.session.clear'],
  changes: object = {},
) => ({
  name: 'Behalf',
  events: { type: 'EVENT_TYPE', items: types },
  channel: {
    type: 'HTTP',
    version: '1.0.0',
    config: {
      uri,
      headers: [{ key: 'X-Static', value: 'one' }],
      authScheme: { type: 'HEADER', key: 'Authorization', value: 'event-secret' },
    },
  },
  ...changes,
})

const call = (method: string, path: string, body?: unknown) => callManagement(sandbox, method, path, body)
const register = async (uri: string, types?: string[]): Promise<string> =>
  (await call('POST', '/eventHooks', document(uri, types))).body.id

/** A hook that is told of events. */
async function verified(types?: string[]) {
  const owner = await listenForEvents()
  const id = await register(owner.uri, types)
  await call('POST', `/eventHooks/${id}/lifecycle/verify`)
  owner.calls.length = 0
  return { ...owner, id }
}

describe('an event hook', () => {
  test('is made, read and listed without its secret, and unverified', async () => {
    const made = await call('POST', '/eventHooks', document('https://hook.example/event-hook'))
    expect(made).toMatchObject({
      status: 200,
      body: {
        id: expect.stringMatching(/^who\w{17}$/),
        status: 'ACTIVE',
        verificationStatus: 'UNVERIFIED',
        events: { type: 'EVENT_TYPE', items: ['user.lifecycle.suspend', 'user.session.clear'] },
        channel: {
          type: 'HTTP',
          version: '1.0.0',
          config: {
            uri: 'https://hook.example/event-hook',
            method: 'POST',
            authScheme: { type: 'HEADER', key: 'Authorization' },
            headers: [{ key: 'X-Static', value: 'one' }],
          },
        },
      },
    })
    expect(JSON.stringify(made.body)).not.toContain('event-secret')
    const { id } = made.body
    expect((await call('GET', `/eventHooks/${id}`)).body).toEqual(made.body)
    expect((await call('GET', '/eventHooks')).body).toEqual([made.body])
  })

  test.each([
    [{ name: '' }, 'name'],
    [{ events: { type: 'FLOW_EVENT', items: ['x'] } }, 'events.type'],
    [{ events: { type: 'EVENT_TYPE', items: [] } }, 'events.items'],
    [{ channel: { type: 'OAUTH', version: '1.0.0', config: {} } }, 'channel.type'],
    [{ channel: { type: 'HTTP', version: '1.0.0', config: { uri: 'hook' } } }, 'channel.config.uri'],
  ])('with %j is refused', async (changes, member) => {
    const { status, body } = await call(
      'POST',
      '/eventHooks',
      document('https://hook.example/', undefined, changes),
    )
    expect([status, body.errorSummary]).toEqual([400, `Api validation failed: ${member}`])
  })

  test('is verified by repeating a challenge with the secret, and anew when its URL changes', async () => {
    const { uri, calls, answers } = await listenForEvents()
    const id = await register(uri)
    const verify = () => call('POST', `/eventHooks/${id}/lifecycle/verify`)
    for (const answer of ['{"verification":"another"}', 'no JSON', '']) {
      answers.push((response) => response.end(answer))
      expect(await verify()).toMatchObject({
        status: 400,
        body: {
          errorCauses: [{ errorSummary: 'Unable to verify event hook. Hook Behalf execution failed' }],
        },
      })
    }
    answers.push((response) => response.writeHead(401).end())
    expect((await verify()).status).toBe(400)
    expect(await verify()).toMatchObject({ status: 200, body: { verificationStatus: 'VERIFIED' } })
    expect(calls.at(-1)).toMatchObject({
      method: 'GET',
      headers: { authorization: 'event-secret', 'x-static': 'one' },
    })
    const renamed = await call('PUT', `/eventHooks/${id}`, { ...document(uri), name: 'Other' })
    expect(renamed.body).toMatchObject({ name: 'Other', verificationStatus: 'VERIFIED' })
    const moved = await call('PUT', `/eventHooks/${id}`, document('https://elsewhere.example/'))
    expect(moved.body.verificationStatus).toBe('UNVERIFIED')
  })

  test('is deleted once it is inactive', async () => {
    const id = await register('https://hook.example/')
    expect((await call('DELETE', `/eventHooks/${id}`)).status).toBe(400)
    await call('POST', `/eventHooks/${id}/lifecycle/deactivate`)
    expect((await call('DELETE', `/eventHooks/${id}`)).status).toBe(204)
    expect((await call('GET', `/eventHooks/${id}`)).status).toBe(404)
  })

  test('comes through an exported state; one of a version without them is taken, too', async () => {
    const id = await register('https://hook.example/')
    const state = sandbox.exportState()
    await using other = await createQuickSandbox({ state: parseState(JSON.stringify(state)) })
    expect((await callManagement(other, 'GET', `/eventHooks/${id}`)).status).toBe(200)
    const { eventHooks: _, ...former } = state
    await using older = await createQuickSandbox({ state: parseState(JSON.stringify(former)) })
    expect((await callManagement(older, 'GET', '/eventHooks')).body).toEqual([])
  })
})

describe('what happens to people', () => {
  test('is told as the System Log has it, with the secret', async () => {
    const { calls, id } = await verified()
    await call('POST', `/users/${login}/lifecycle/suspend`)
    await sandbox.eventsTold()
    expect(calls).toMatchObject([
      { method: 'POST', headers: { authorization: 'event-secret', 'x-static': 'one' } },
    ])
    const told = JSON.parse(calls[0]?.body ?? '')
    const [logged] = sandbox.systemLog.events('user.lifecycle.suspend')
    expect(told).toMatchObject({
      eventType: 'com.okta.event_hook',
      source: `${sandbox.url}/api/v1/eventHooks/${id}`,
      data: {
        events: [
          {
            uuid: logged?.uuid,
            published: logged?.published,
            eventType: 'user.lifecycle.suspend',
            outcome: { result: 'SUCCESS' },
            target: [{ type: 'User', alternateId: login, displayName: 'Ann' }],
          },
        ],
      },
    })
    const { body } = await call('GET', `/users/${login}`)
    expect(told.data.events[0].target[0].id).toBe(body.id)
    expect(body.status).toBe('SUSPENDED')
  })

  test.each([
    ['POST', '/lifecycle/suspend', 'user.lifecycle.suspend'],
    ['POST', '/lifecycle/deactivate', 'user.lifecycle.deactivate'],
    ['POST', '/lifecycle/unsuspend', 'user.lifecycle.unsuspend'],
    ['POST', '/lifecycle/activate', 'user.lifecycle.activate'],
    ['DELETE', '/sessions', 'user.session.clear'],
    ['DELETE', '', 'user.lifecycle.deactivate'],
  ])('%s %s is the event %s', async (method, path, type) => {
    const { calls } = await verified([type])
    await call(method, `/users/${login}${path}`)
    await sandbox.eventsTold()
    expect(calls.map(({ body }) => JSON.parse(body).data.events[0].eventType)).toEqual([type])
  })

  test('is told to nobody who is not verified, not active, or does not want to know', async () => {
    const { uri, calls, id } = await verified()
    await register(uri)
    await call('POST', `/users/${login}/lifecycle/unsuspend`)
    await call('POST', `/eventHooks/${id}/lifecycle/deactivate`)
    await call('POST', `/users/${login}/lifecycle/suspend`)
    await sandbox.eventsTold()
    expect(calls).toEqual([])
  })

  test('is told once more after a failure, not after a refusal, and then never again', async () => {
    const { calls, answers } = await verified()
    const tell = async () => {
      calls.length = 0
      await call('DELETE', `/users/${login}/sessions`)
      await sandbox.eventsTold()
      return calls.length
    }
    answers.push((response) => response.writeHead(503).end())
    expect(await tell()).toBe(2)
    expect(calls[0]?.body).toBe(calls[1]?.body)
    expect(sandbox.systemLog.events('event_hook.delivery')).toEqual([])
    answers.push(
      (response) => response.destroy(),
      (response) => response.writeHead(500).end(),
    )
    expect(await tell()).toBe(2)
    answers.push((response) => response.writeHead(401).end())
    expect(await tell()).toBe(1)
    expect(sandbox.systemLog.events('event_hook.delivery').map(({ outcome }) => outcome.reason)).toEqual([
      'HTTP status 500',
      'HTTP status 401',
    ])
  })

  test('that nobody could be told of is told to nobody in turn', async () => {
    const { calls, answers } = await verified(['user.session.clear', 'event_hook.delivery'])
    answers.push(...[1, 2, 3, 4].map(() => (response: ServerResponse) => response.writeHead(401).end()))
    await call('DELETE', `/users/${login}/sessions`)
    await sandbox.eventsTold()
    expect(calls).toHaveLength(1)
  })

  test('ends what they have: no sign-in, and no token is active any more', async () => {
    const [server] = sandbox.servers
    const introspect = async (token: string) => {
      const body = new URLSearchParams({ token, client_id: String(decodeJwt(token)['cid']) })
      return (await fetch(`${server?.issuer}/v1/introspect`, { method: 'POST', body })).json()
    }
    const [ann, bob] = [
      await sandbox.userToken({ login }),
      await sandbox.userToken({ login: 'bob@example.com' }),
    ]
    expect(await introspect(ann)).toMatchObject({ active: true })
    await call('POST', `/users/${login}/lifecycle/suspend`)
    expect(await introspect(ann)).toEqual({ active: false })
    await expect(sandbox.userToken({ login })).rejects.toThrow()
    expect(await introspect(bob)).toMatchObject({ active: true })
    await call('DELETE', '/users/bob@example.com/sessions')
    expect(await introspect(bob)).toMatchObject({ active: true })
    await call('DELETE', '/users/bob@example.com/sessions?oauthTokens=true')
    expect(await introspect(bob)).toEqual({ active: false })
  })
})
