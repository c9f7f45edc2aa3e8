/** From "suspended in the org" to "refused at API B", with everything that takes part over HTTP, and one clock. */
import { createServer } from 'node:http'
import { clientSecretBasic, createClient, ExchangeError } from '@behalf/client'
import { keyvRevocations } from '@behalf/core'
import { createHook, type DecisionRecord } from '@behalf/hook'
import { type EventRecord, eventHooks } from '@behalf/hook/events'
import { startNodeServer } from '@behalf/hook/node'
import { createSandbox, defaultApiToken, defaultOrg, type Sandbox } from '@behalf/sandbox'
import { startSidecar } from '@behalf/sidecar'
import { hookEvent, ManualClock } from '@behalf/testing'
import { createVerifier, type TokenError, type Verifier } from '@behalf/verify'
import Keyv from 'keyv'
import { expect, onTestFinished, test } from 'vitest'
import { provision, send } from './provisioned-org.ts'

const [alice, bob] = ['alice@example.com', 'bob@example.com']
const resource = 'https://orders.example'
const org = 'https://the-org.example'
const secrets = { HOOK_SECRET: 'hook-secret-0123456789', EVENT_HOOK_SECRET: 'event-secret-0123456789' }
const [, apiA] = defaultOrg.apps
const scopes = ['orders:read']

/** API B over HTTP: answers with the user, or as its verifier refuses. */
async function startApiB(verifier: Verifier, refusals: TokenError[]): Promise<string> {
  const server = createServer(async ({ method = '', url = '', headers }, response) => {
    const header = (name: 'authorization' | 'dpop'): string[] => [headers[name] ?? []].flat()
    const authorization = await verifier.authorize({ method, url, header })
    if (authorization.ok) response.end(authorization.access.subject)
    else {
      const { status, headers: told, error } = authorization.refusal
      refusals.push(error)
      response.writeHead(status, told).end()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${Object(server.address()).port}`
}

/** An org, its hook, API A with and without the sidecar, API B, and the store that all of them share. */
async function startAll() {
  const clock = new ManualClock(Date.now())
  const stopped = async (server: { stop(): Promise<void> }): Promise<void> => {
    const stopping = server.stop()
    clock.advance(0)
    await stopping
  }
  const people = [...defaultOrg.users, { login: bob }]
  const sandbox = await createSandbox({ clock, users: people })
  onTestFinished(() => sandbox.close())
  const issuerOf = (id: string): string => sandbox.servers.find((server) => server.id === id)?.issuer ?? ''
  const [users, delegation] = [issuerOf('users'), issuerOf('behalf')]
  const kept = new Keyv({ throwOnErrors: true })
  const revocation = () => ({ store: keyvRevocations(kept), whenUnavailable: 'deny' as const })

  const decisions: DecisionRecord[] = []
  const events: EventRecord[] = []
  const hook = createHook(
    {
      authenticate: { secrets: [secrets.HOOK_SECRET] },
      issuers: [{ issuer: users, audiences: ['api://a'], org }],
      clients: { [apiA.clientId]: {} },
      resources: { [resource]: { verifier: 'behalf' } },
      revocation: { ...revocation(), events: eventHooks({ org, secrets: [secrets.EVENT_HOOK_SECRET] }) },
    },
    { clock, onDecision: (record) => decisions.push(record), onEvents: (record) => events.push(record) },
  )
  const served = await startNodeServer(hook, { drainDelayMs: 0, clock })
  onTestFinished(() => stopped(served))
  const provisioned = await provision(
    sandbox,
    [
      ...['--hook', `${served.origin}/inline-hook`, '--event-hook', `${served.origin}/event-hook`],
      ...['--server', 'behalf', '--resource', resource, '--yes'],
    ],
    { OKTA_API_TOKEN: defaultApiToken, ...secrets },
  )
  expect([provisioned.code, provisioned.stderr]).toEqual([0, ''])

  const refusals: TokenError[] = []
  const apiB = createVerifier({
    issuer: delegation,
    audience: resource,
    assertionIssuers: { [users]: { org } },
    revocation: revocation(),
    clock,
  })
  const apiBUrl = await startApiB(apiB, refusals)
  const client = () =>
    createClient({
      issuer: delegation,
      clientId: apiA.clientId,
      auth: clientSecretBasic('api-a-secret-for-the-sandbox-only'),
      resource,
      allowedOrigins: [apiBUrl],
      clock,
      onWarning: () => undefined,
    })
  const callers = createVerifier({
    issuer: users,
    org,
    audience: 'api://a',
    accept: ['user'],
    revocation: revocation(),
    clock,
  })
  const sidecarsClient = client()
  const sidecar = await startSidecar({
    token: {
      verifier: callers,
      client: sidecarsClient,
      targets: { [resource]: {} },
      callers: 'loopback',
      clock,
    },
    verify: { verifier: apiB, proxy: 'nginx' },
    drainDelayMs: 0,
    drainTimeoutMs: 0,
    clock,
  })
  onTestFinished(() => stopped(sidecar))
  return {
    clock,
    sandbox,
    decisions,
    events,
    refusals,
    apiBUrl,
    client,
    sidecar: sidecar.origin,
    sidecarsClient,
  }
}

const administer = (sandbox: Sandbox, method: string, path: string) =>
  send(sandbox, method, `/api/v1/users/${path}`)

async function exchangeAtSidecar(origin: string, subjectToken: string): Promise<readonly unknown[]> {
  const response = await fetch(`${origin}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: subjectToken,
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      scope: scopes.join(' '),
    }),
  })
  const { error, error_description: description = '' } = Object(await response.json())
  return [response.status, error, description.split(':', 1)[0]]
}

async function passSidecar(origin: string, token: string): Promise<number> {
  const headers = {
    authorization: `Bearer ${token}`,
    'x-original-method': 'GET',
    'x-original-uri': '/orders',
  }
  return (await fetch(`${origin}/verify`, { headers })).status
}

test('a user who is suspended is refused everywhere, with a delegated token and a cached one in hand', async () => {
  const all = await startAll()
  const { clock, sandbox, decisions, events, refusals, apiBUrl, sidecar, sidecarsClient } = all
  const [a, other] = [all.client(), all.client()]
  const signIn = (login: string) => sandbox.userToken({ login, server: 'users' })
  const [token, bobs] = [await signIn(alice), await signIn(bob)]
  const callB = a.fetch(token, { scopes })
  expect(await (await callB(apiBUrl)).text()).toBe(alice)
  const { accessToken } = await a.acquireToken({ assertion: token, scopes })
  expect(await exchangeAtSidecar(sidecar, token)).toEqual([200, undefined, ''])
  expect(await passSidecar(sidecar, accessToken)).toBe(200)
  const held = { entries: 1, misses: 1 }
  expect([a.statistics(), sidecarsClient.statistics()]).toMatchObject([held, held])

  clock.advance(2_000)
  await administer(sandbox, 'POST', `${alice}/lifecycle/suspend`)
  await sandbox.eventsTold()
  expect(events).toMatchObject([{ eventHook: 'verified' }, { eventHook: 'received', users: 1 }])

  // The delegated token in hand, at API B and behind the sidecar.
  const direct = await fetch(apiBUrl, { headers: { authorization: `Bearer ${accessToken}` } })
  expect([direct.status, direct.headers.get('www-authenticate')]).toEqual([
    401,
    expect.stringContaining('error="invalid_token"'),
  ])
  expect(await passSidecar(sidecar, accessToken)).toBe(401)
  // The cached one of API A: refused by API B, forgotten, asked for once, and never again.
  for (const attempt of [1, 2, 3]) {
    const error = await callB(apiBUrl).catch((thrown: unknown) => thrown)
    expect([attempt, error]).toEqual([
      attempt,
      expect.objectContaining({ code: 'assertion_revoked', refusedBy: 'hook' }),
    ])
    expect(a.statistics()).toMatchObject({ entries: 0, misses: 2 })
  }
  expect(refusals.map(({ code }) => code)).toEqual(['assertion_revoked', 'assertion_revoked'])
  // The cached one of the sidecar, whose verifier asks before anything is taken out of a cache.
  expect(await exchangeAtSidecar(sidecar, token)).toEqual([400, 'invalid_request', 'assertion_revoked'])
  expect(sidecarsClient.statistics()).toMatchObject({ misses: 1 })
  // The hook, asked by an instance that knows of nothing.
  const denied = await other.acquireToken({ assertion: token, scopes }).catch((thrown: unknown) => thrown)
  expect(denied).toBeInstanceOf(ExchangeError)
  expect(decisions.at(-1)).toMatchObject({ code: 'assertion_revoked', step: 'revocation' })

  // Nobody else is.
  expect(await (await a.fetch(bobs, { scopes })(apiBUrl)).text()).toBe(bob)
  // And neither is the same user, once they may sign in again.
  await administer(sandbox, 'POST', `${alice}/lifecycle/unsuspend`)
  clock.advance(2_000)
  const anew = await signIn(alice)
  expect(await (await a.fetch(anew, { scopes })(apiBUrl)).text()).toBe(alice)
  expect(await exchangeAtSidecar(sidecar, anew)).toEqual([200, undefined, ''])
  expect(await exchangeAtSidecar(sidecar, token)).toEqual([400, 'invalid_request', 'assertion_revoked'])
})

test.each([
  ['deactivated', 'POST', `${alice}/lifecycle/deactivate`],
  ['signed out of all sessions', 'DELETE', `${alice}/sessions`],
])('a user who is %s is refused at API B and at the hook', async (_name, method, path) => {
  const { clock, sandbox, apiBUrl, client } = await startAll()
  const a = client()
  const token = await sandbox.userToken({ login: alice, server: 'users' })
  const { accessToken } = await a.acquireToken({ assertion: token, scopes })
  clock.advance(1_000)
  await administer(sandbox, method, path)
  await sandbox.eventsTold()
  expect((await fetch(apiBUrl, { headers: { authorization: `Bearer ${accessToken}` } })).status).toBe(401)
  const denied = await client()
    .acquireToken({ assertion: token, scopes })
    .catch((thrown: unknown) => thrown)
  expect(denied).toMatchObject({ code: 'assertion_revoked' })
})

test('an event that does not authenticate cuts nobody off, and the next one that does, does', async () => {
  const { clock, sandbox, apiBUrl, client, events } = await startAll()
  const token = await sandbox.userToken({ login: alice, server: 'users' })
  const { accessToken } = await client().acquireToken({ assertion: token, scopes })
  clock.advance(1_000)
  // The secret that Okta has is wrong, and is set right between two events.
  const [hook] = sandbox.exportState().eventHooks ?? []
  const path = `/api/v1/eventHooks/${hook?.id}`
  const document = (value: string) => ({
    name: 'Behalf',
    events: { type: 'EVENT_TYPE', items: ['user.session.clear'] },
    channel: {
      type: 'HTTP',
      version: '1.0.0',
      config: { uri: hook?.uri ?? '', authScheme: { type: 'HEADER', key: 'Authorization', value } },
    },
  })
  await send(sandbox, 'PUT', path, document('another-secret-0123456'))
  await administer(sandbox, 'DELETE', `${alice}/sessions`)
  await sandbox.eventsTold()
  expect(events.at(-1)).toMatchObject({ eventHook: 'refused' })
  const ask = async () =>
    (await fetch(apiBUrl, { headers: { authorization: `Bearer ${accessToken}` } })).status
  expect(await ask()).toBe(200)
  await send(sandbox, 'PUT', path, document(secrets.EVENT_HOOK_SECRET))
  await administer(sandbox, 'DELETE', `${alice}/sessions`)
  await sandbox.eventsTold()
  expect(await ask()).toBe(401)
})

test('without events, the hook learns of it by asking Okta about the token', async () => {
  const clock = new ManualClock(Date.now())
  const sandbox = await createSandbox({ clock })
  onTestFinished(() => sandbox.close())
  const issuer = sandbox.servers.find(({ id }) => id === 'users')?.issuer ?? ''
  const decisions: DecisionRecord[] = []
  const introspection = {
    clientId: apiA.clientId,
    clientSecret: 'api-a-secret-for-the-sandbox-only',
    cacheSeconds: 5,
  }
  const hook = createHook(
    {
      authenticate: { secrets: [secrets.HOOK_SECRET] },
      issuers: [{ issuer, audiences: ['api://a'], introspection }],
      clients: { [apiA.clientId]: {} },
    },
    { clock, onDecision: (record) => decisions.push(record) },
  )
  const token = await sandbox.userToken({ login: alice, server: 'users' })
  const ask = async (): Promise<string | undefined> => {
    const event = hookEvent({ assertion: token, clientId: apiA.clientId })
    const headers = new Map([['authorization', [secrets.HOOK_SECRET]]])
    await hook.handle({ headers, body: JSON.stringify(event) })
    return decisions.at(-1)?.code ?? decisions.at(-1)?.decision
  }
  expect(await ask()).toBe('permit')
  await administer(sandbox, 'POST', `${alice}/lifecycle/suspend`)
  // What was answered counts for the seconds that were said, and no longer.
  expect(await ask()).toBe('permit')
  clock.advance(5_000)
  expect(await ask()).toBe('assertion_revoked')
  expect(decisions.at(-1)?.step).toBe('introspection')
})
