import type { Sandbox } from '@behalf/sandbox'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callManagement } from './management-call.ts'
import { createQuickSandbox } from './quick-sandbox.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await createQuickSandbox()
})
afterAll(() => sandbox.close())

const call = (method: string, path: string, document?: unknown) =>
  callManagement(sandbox, method, path, document)

const server = '/authorizationServers/default'
const links = (body: ReturnType<typeof Object>) => Object.keys(body._links).toSorted()

const hook = {
  name: 'one',
  type: 'com.okta.oauth2.tokens.transform',
  version: '1.0.1',
  channel: {
    type: 'HTTP',
    version: '1.0.0',
    config: {
      uri: 'https://example.com/hook',
      method: 'POST',
      authScheme: { type: 'HEADER', key: 'Authorization', value: '123' },
    },
  },
}

describe('documents have the members that were recorded at Okta', () => {
  test('an inline hook, active and not', async () => {
    const { body: made } = await call('POST', '/inlineHooks', hook)
    expect(made).toMatchObject({ status: 'ACTIVE', version: '1.0.1', created: made.lastUpdated })
    expect(made.channel.config.authScheme).toEqual({ type: 'HEADER', key: 'Authorization' })
    expect(links(made)).toEqual(['deactivate', 'execute', 'self'])
    const { body: off } = await call('POST', `/inlineHooks/${made.id}/lifecycle/deactivate`)
    expect(links(off)).toEqual(['activate', 'delete', 'self'])
    const { body: renamed } = await call('POST', `/inlineHooks/${made.id}`, { name: 'two' })
    expect(renamed).toMatchObject({ name: 'two', channel: off.channel })
  })

  test('an OAuth-secured hook, and one of another type, which is kept and not called', async () => {
    const config = {
      uri: 'https://example.com/hook',
      authType: 'client_secret_post',
      clientId: 'c',
      clientSecret: 's',
      tokenUrl: 'https://example.com/token',
      scope: 'api',
    }
    const channel = { type: 'OAUTH', version: '1.0.0', config }
    const { body } = await call('POST', '/inlineHooks', { ...hook, channel })
    const { clientSecret: _, ...shown } = config
    expect(body.channel.config).toEqual({ ...shown, headers: [], method: 'POST', authScheme: null })
    const other = await call('POST', '/inlineHooks', { ...hook, type: 'com.okta.saml.tokens.transform' })
    expect(other.status).toBe(200)
    const { body: found } = await call('GET', '/inlineHooks?type=com.okta.saml.tokens.transform')
    expect(found).toHaveLength(1)
  })

  test('an authorization server', async () => {
    const document = { name: 'n', audiences: ['api://x'] }
    const { status, body } = await call('POST', '/authorizationServers', document)
    expect(status).toBe(201)
    expect(body).toMatchObject({ description: null, issuerMode: 'DYNAMIC', default: false })
    const signing = ['kid', 'lastRotated', 'nextRotation', 'rotationMode']
    expect(Object.keys(body.credentials.signing).toSorted()).toEqual(signing)
    expect(links(body)).toEqual([
      'claims',
      'deactivate',
      'keys',
      'metadata',
      'policies',
      'rotateKey',
      'scopes',
      'self',
    ])
    const [key] = (await call('GET', `${server}/credentials/keys`)).body
    expect(key).toMatchObject({ status: 'ACTIVE', kty: 'RSA', use: 'sig' })
    expect((await call('GET', `${server}/credentials/keys/${key.kid}`)).body).toEqual(key)
  })

  test('a policy without conditions is for nobody, a rule without scopes for no scope', async () => {
    const { body: policy } = await call('POST', `${server}/policies`, { name: 'p', priority: 1 })
    expect(policy).toMatchObject({ priority: 1, conditions: { clients: { include: [] } } })
    expect(links(policy)).toEqual(['deactivate', 'rules', 'self'])
    const rule = { name: 'r', conditions: { grantTypes: { include: ['client_credentials'] }, scopes: {} } }
    const { status, body } = await call('POST', `${server}/policies/${policy.id}/rules`, rule)
    expect(status).toBe(201)
    expect(body.conditions).toEqual({
      people: { users: { exclude: [] } },
      grantTypes: { include: ['client_credentials'] },
      scopes: { include: [] },
    })
    await call('DELETE', `${server}/policies/${policy.id}`)
  })

  test('a scope, which has an id of its own and can be renamed', async () => {
    const { body } = await call('POST', `${server}/scopes`, { name: 'a:b', description: null })
    expect(body).toMatchObject({
      id: expect.stringMatching(/^scp/),
      description: null,
      metadataPublish: 'NO_CLIENTS',
    })
    const renamed = await call('PUT', `${server}/scopes/${body.id}`, { name: 'a:c', consent: 'REQUIRED' })
    expect(renamed.body).toMatchObject({ id: body.id, name: 'a:c', consent: 'REQUIRED' })
    expect((await call('GET', `${server}/scopes/a:b`)).body.errorSummary).toBe(
      'Not found: Resource not found: a:b (OAuth2Scope)',
    )
  })

  test('an app that is made without being activated, and its secret', async () => {
    const document = {
      name: 'oidc_client',
      label: 'off',
      signOnMode: 'OPENID_CONNECT',
      credentials: { oauthClient: { token_endpoint_auth_method: 'client_secret_basic' } },
      settings: {
        oauthClient: {
          application_type: 'web',
          redirect_uris: ['https://a.example/cb'],
          grant_types: ['implicit'],
        },
      },
    }
    const { oauthClient } = document.settings
    const marked = { ...oauthClient, redirect_uris: ['https://a.example/cb#here'] }
    const refused = await call('POST', '/apps', { ...document, settings: { oauthClient: marked } })
    expect([refused.status, refused.body.errorCauses]).toEqual([
      400,
      [{ errorSummary: expect.stringMatching(/redirect_uris.*must not have a fragment/) }],
    ])
    const { body } = await call('POST', '/apps?activate=false', document)
    expect(body).toMatchObject({ status: 'INACTIVE', settings: { oauthClient: { application_type: 'web' } } })
    expect(links(body)).toContain('activate')
    const { body: secrets } = await call('GET', `/apps/${body.id}/credentials/secrets`)
    expect(secrets).toMatchObject([{ client_secret: body.credentials.oauthClient.client_secret }])
    const { body: found } = await call('GET', `/apps?filter=${encodeURIComponent('status eq "INACTIVE"')}`)
    expect(found.map((app: typeof body) => app.id)).toEqual([body.id])
  })

  test('a log event', async () => {
    const [event] = (await call('GET', '/logs?limit=1')).body
    expect(Object.keys(event).toSorted()).toEqual([
      'actor',
      'authenticationContext',
      'client',
      'debugContext',
      'device',
      'displayMessage',
      'eventType',
      'legacyEventType',
      'outcome',
      'published',
      'request',
      'securityContext',
      'severity',
      'target',
      'transaction',
      'uuid',
      'version',
    ])
    const filter = encodeURIComponent('debugContext.debugData.url co "x"')
    expect((await call('GET', `/logs?filter=${filter}`)).status).toBe(400)
  })

  test('a trusted origin, whose pages may call from then on', async () => {
    const ask = () =>
      fetch(`${sandbox.url}/oauth2/default/v1/userinfo`, { headers: { origin: 'https://new.example' } })
    expect((await ask()).status).toBe(403)
    const document = { name: 'new', origin: 'https://new.example/path', scopes: [{ type: 'CORS' }] }
    const { body } = await call('POST', '/trustedOrigins', document)
    expect(body).toMatchObject({ id: expect.stringMatching(/^tos/), origin: 'https://new.example' })
    expect((await ask()).status).toBe(401)
    await call('POST', `/trustedOrigins/${body.id}/lifecycle/deactivate`)
    expect((await ask()).status).toBe(403)
  })
})
