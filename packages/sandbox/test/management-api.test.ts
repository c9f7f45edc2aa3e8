import { defaultApiToken, type Sandbox } from '@behalf/sandbox'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compileFilter } from '../src/management/filter.ts'
import { json, listenAsHook } from './hook-server.ts'
import { requestMachineToken } from './machine-token.ts'
import { createQuickSandbox } from './quick-sandbox.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await createQuickSandbox()
})
afterAll(() => sandbox.close())

async function call(method: string, path: string, body?: unknown, authorization = `SSWS ${defaultApiToken}`) {
  const response = await fetch(`${sandbox.url}/api/v1${path}`, {
    method,
    headers: { authorization },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : Object(JSON.parse(text)),
  }
}

describe('faults have Okta’s body, code and status', () => {
  test.each([
    ['no token', () => call('GET', '/inlineHooks', undefined, ''), 401, 'E0000011'],
    ['a wrong token', () => call('GET', '/inlineHooks', undefined, 'SSWS wrong'), 401, 'E0000011'],
    [
      'a token of another scheme',
      () => call('GET', '/apps', undefined, `Bearer ${defaultApiToken}`),
      401,
      'E0000011',
    ],
    ['an unknown path', () => call('GET', '/nothing'), 404, 'E0000007'],
    ['an unknown resource', () => call('GET', '/inlineHooks/none'), 404, 'E0000007'],
    ['an unknown path without a token', () => call('GET', '/nothing', undefined, ''), 401, 'E0000011'],
    ['a malformed escape', () => call('GET', '/inlineHooks/%E0%A4%A'), 404, 'E0000007'],
    ['another method', () => call('DELETE', '/inlineHooks'), 405, 'E0000022'],
    ['no JSON', () => call('POST', '/inlineHooks', '{'), 400, 'E0000003'],
    ['no object', () => call('POST', '/inlineHooks', '[]'), 400, 'E0000003'],
    ['a document without a name', () => call('POST', '/inlineHooks', {}), 400, 'E0000001'],
    ['a wrong filter', () => call('GET', '/logs?filter=x'), 400, 'E0000001'],
    ['a wrong date', () => call('GET', '/logs?since=x'), 400, 'E0000001'],
    ['a rule with an unknown hook', () => ruleWithUnknownHook(), 400, 'E0000001'],
  ] as const)('%s', async (_name, request, status, errorCode) => {
    const answer = await request()
    expect(answer.status).toBe(status)
    expect(answer.body).toEqual({
      errorCode,
      errorSummary: expect.any(String),
      errorLink: errorCode,
      errorId: expect.stringMatching(/^oae/),
      errorCauses: expect.any(Array),
    })
  })

  const ruleWithUnknownHook = async () => {
    const [policy] = Object((await call('GET', '/authorizationServers/default/policies')).body)
    const rules = `/authorizationServers/default/policies/${policy.id}/rules`
    const [rule] = Object((await call('GET', rules)).body)
    return call('PUT', `${rules}/${rule.id}`, { ...rule, actions: { token: { inlineHook: { id: 'none' } } } })
  }
})

test('a rule keeps members that nobody here knows, and its place', async () => {
  const [policy] = Object((await call('GET', '/authorizationServers/default/policies')).body)
  const rules = `/authorizationServers/default/policies/${policy.id}/rules`
  const [, machines] = Object((await call('GET', rules)).body)
  const changed = {
    ...machines,
    vendorExtension: { kept: [1] },
    actions: { token: { ...machines.actions.token, accessTokenLifetimeMinutes: 10, unknown: true } },
  }
  const replaced = (await call('PUT', `${rules}/${machines.id}`, changed)).body
  expect(replaced).toEqual({ ...changed, lastUpdated: expect.any(String) })
  expect((await call('GET', rules)).body.map(({ id }: { id: string }) => id)[1]).toBe(machines.id)
  expect((await requestMachineToken(sandbox)).body['expires_in']).toBe(600)
  await call('POST', `${rules}/${machines.id}/lifecycle/deactivate`)
  expect((await requestMachineToken(sandbox)).body['error']).toBe('access_denied')
  await call('POST', `${rules}/${machines.id}/lifecycle/activate`)
  expect((await requestMachineToken(sandbox)).status).toBe(200)
})

test('a preview calls the hook and changes nothing', async () => {
  const answer = { commands: [{ type: 'com.okta.access.patch', value: [] }], debugContext: { decision: 'd' } }
  await using hook = await listenAsHook(json(answer))
  const channel = {
    type: 'HTTP',
    version: '1.0.0',
    config: { uri: hook.uri, authScheme: { type: 'HEADER', key: 'X-Secret', value: 's' } },
  }
  const document = { name: 'preview', type: 'com.okta.oauth2.tokens.transform', version: '1.0.0', channel }
  const { id } = Object((await call('POST', '/inlineHooks', document)).body)
  const previewed = await call('POST', `/inlineHooks/${id}/execute`, { data: { any: 'thing' } })
  expect(previewed.body).toEqual(answer)
  expect(hook.calls).toMatchObject([{ body: { data: { any: 'thing' } }, headers: { 'x-secret': 's' } }])
  await call('PUT', `/inlineHooks/${id}`, { ...document, channel: { ...channel, config: { uri: hook.uri } } })
  await call('POST', `/inlineHooks/${id}/execute`, {})
  expect(hook.calls[1]?.headers['x-secret'], 'the secret stays when it is left out').toBe('s')
  const log = (await call('GET', '/logs?filter=eventType sw "inline_hook."&sortOrder=DESCENDING&limit=1'))
    .body
  expect(log).toMatchObject([{ eventType: 'inline_hook.updated', target: [{ id }] }])
})

test('the log is read page by page', async () => {
  const path = '/logs?limit=2&filter=eventType%20pr'
  const first = await call('GET', path)
  const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? ''
  const second = await call('GET', next.slice(`${sandbox.url}/api/v1`.length))
  const all = await call('GET', '/logs')
  expect([...first.body, ...second.body]).toEqual(all.body.slice(0, 4))
  expect(all.headers.get('link')).not.toContain('next')
})

describe('filters', () => {
  const event = {
    eventType: 'a.b',
    outcome: { result: 'FAILURE', reason: 'said "no" (twice)' },
    target: [{ id: '1' }, { id: '2' }],
  }
  test.each([
    ['eventType eq "a.b"', true],
    ['eventType eq "a"', false],
    ['eventType sw "a" and outcome.result eq "FAILURE"', true],
    ['eventType sw "x" and outcome.result eq "FAILURE"', false],
    ['eventType eq "x" or eventType eq "y" or target.id eq "2"', true],
    ['eventType eq "x" or eventType sw "a" and outcome.result eq "x"', false],
    ['(eventType eq "x" or eventType sw "a") and not (outcome.result eq "SUCCESS")', true],
    ['outcome.reason co "\\"no\\" (twice)"', true],
    ['EVENTTYPE pr', false],
    ['eventType pr AND outcome PR', true],
    ['constructor pr', false],
    ['eventType gt "a.a" and eventType lt "a.c"', true],
  ])('%s', (filter, passes) => expect(compileFilter(filter)(event)).toBe(passes))

  test.each(['', 'x', 'x eq', 'x is "y"', '(x pr', 'x pr)', 'x pr and', 'x eq "y', 'and', 'x toString "y"'])(
    '%j is refused',
    (filter) => expect(() => compileFilter(filter)).toThrow(/filter/),
  )

  test('any text compiles or is refused, and any value is found', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          compileFilter(text)(event)
        } catch (error) {
          expect(error).toMatchObject({ code: 'E0000001' })
        }
        expect(compileFilter(`name eq ${JSON.stringify(text)}`)({ name: text })).toBe(true)
      }),
    )
  })
})

describe('what Okta shows only to whoever writes it', () => {
  test('the secret of an app', async () => {
    const app = {
      name: 'oidc_client',
      label: 'svc',
      signOnMode: 'OPENID_CONNECT',
      credentials: { oauthClient: { token_endpoint_auth_method: 'client_secret_basic' } },
      settings: { oauthClient: { application_type: 'service', grant_types: ['client_credentials'] } },
    }
    const secretOf = (body: ReturnType<typeof Object>) => body.credentials.oauthClient.client_secret
    const { body: made } = await call('POST', '/apps', app)
    expect(secretOf(made)).toMatch(/^.{40,}$/)
    expect(secretOf((await call('GET', `/apps/${made.id}`)).body)).toBeUndefined()
    const listed = (await call('GET', '/apps?q=svc')).body
    expect(listed.map(secretOf)).toEqual([undefined])
    const replaced = await call('PUT', `/apps/${made.id}`, { ...app, label: 'other' })
    expect(secretOf(replaced.body)).toBe(secretOf(made))
    expect(await call('DELETE', `/apps/${made.id}`)).toMatchObject({
      status: 403,
      body: { errorCode: 'E0000056' },
    })
  })

  test('the public half of a hook key, in a form of its own', async () => {
    const { body: made } = await call('POST', '/hook-keys', { name: 'one' })
    expect(Object.keys(made._embedded).toSorted()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use'])
    expect(made._embedded).toMatchObject({ alg: 'RSA', use: null, kid: made.keyId })
    const renamed = await call('PUT', `/hook-keys/${made.id}`, { name: 'two' })
    expect(renamed).toMatchObject({ status: 200, body: { name: 'two', keyId: made.keyId } })
    expect(renamed.body._embedded).toEqual(made._embedded)
    for (const { body } of [await call('GET', `/hook-keys/${made.id}`), await call('GET', '/hook-keys')]) {
      expect(JSON.stringify(body)).not.toContain('_embedded')
    }
  })
})
