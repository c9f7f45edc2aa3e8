import { generateKeyPairSync } from 'node:crypto'
import { createSandbox, defaultApiToken, type Sandbox } from '@behalf/sandbox'
import { oneServer } from '@behalf/testing'
import okta from '@okta/okta-sdk-nodejs'
import { describe, expect, test } from 'vitest'

const testing = { disableHttpsCheck: true }
const type = 'com.okta.oauth2.tokens.transform'
const version = '1.0.0'

const clientOf = (sandbox: Sandbox, token = defaultApiToken) =>
  // The SDK's types do not know `testing`, which its documentation names.
  new okta.Client(Object({ orgUrl: sandbox.url, token, testing }))

/** The members of an answer, without the SDK's class. */
const plain = (value: unknown): Record<string, unknown> => Object(JSON.parse(JSON.stringify(value)))

const all = async (collection: Promise<AsyncIterable<unknown>>): Promise<Record<string, unknown>[]> => {
  const items = []
  for await (const item of await collection) if (item !== null) items.push(plain(item))
  return items
}

const headerChannel = (uri: string) => ({
  type: 'HTTP',
  version,
  config: {
    uri,
    method: 'POST',
    headers: [{ key: 'X-Static', value: 'yes' }],
    authScheme: { type: 'HEADER', key: 'Authorization', value: 'a-secret' },
  },
})

const oauthConfig = {
  uri: 'https://hook.example.com/',
  method: 'POST',
  clientId: 'okta',
  tokenUrl: 'https://hook.example.com/token',
  scope: 'hook',
}

describe('@okta/okta-sdk-nodejs, unmodified', () => {
  test('creates, reads, replaces, deactivates and deletes inline hooks of each authentication', async () => {
    await using sandbox = await createSandbox(oneServer)
    const client = clientOf(sandbox)
    const key = plain(await client.hookKeyApi.createHookKey({ keyRequest: { name: 'key' } }))
    const channels = [
      headerChannel('https://hook.example.com/'),
      {
        type: 'OAUTH',
        version,
        config: { ...oauthConfig, authType: 'client_secret_post', clientSecret: 'a-secret' },
      },
      {
        type: 'OAUTH',
        version,
        config: { ...oauthConfig, authType: 'private_key_jwt', hookKeyId: key['id'] },
      },
    ]
    const ids: string[] = []
    for (const channel of channels) {
      const name = `hook ${ids.length}`
      const inlineHook = Object({ name, type, version, channel })
      const created = plain(await client.inlineHookApi.createInlineHook({ inlineHook }))
      expect(created).toMatchObject({ name, status: 'ACTIVE', channel: { type: channel.type } })
      expect(JSON.stringify(created)).not.toContain('a-secret')
      ids.push(String(created['id']))
    }
    expect((await all(client.inlineHookApi.listInlineHooks({ type }))).map(({ id }) => id)).toEqual(ids)
    const [id = ''] = ids
    const renamed = Object({
      name: 'renamed',
      type,
      version,
      channel: headerChannel('https://other.example.com/'),
    })
    await client.inlineHookApi.replaceInlineHook({ inlineHookId: id, inlineHook: renamed })
    expect(plain(await client.inlineHookApi.getInlineHook({ inlineHookId: id }))).toMatchObject({
      name: 'renamed',
      channel: { config: { uri: 'https://other.example.com/' } },
    })

    await expect(client.inlineHookApi.deleteInlineHook({ inlineHookId: id })).rejects.toMatchObject({
      status: 400,
      errorCode: 'E0000001',
    })
    await client.inlineHookApi.deactivateInlineHook({ inlineHookId: id })
    await client.inlineHookApi.deleteInlineHook({ inlineHookId: id })
    await expect(client.inlineHookApi.getInlineHook({ inlineHookId: id })).rejects.toMatchObject({
      status: 404,
      errorCode: 'E0000007',
    })
  })

  test('creates a server with scope, policy and rule, and attaches a hook to the rule', async () => {
    await using sandbox = await createSandbox(oneServer)
    const client = clientOf(sandbox)
    const api = client.authorizationServerApi
    const created = await api.createAuthorizationServer({
      authorizationServer: { name: 'orders', audiences: ['api://orders'], description: 'Orders' },
    })
    const authServerId = String(created.id)
    await api.createOAuth2Scope({ authServerId, oAuth2Scope: { name: 'orders:read' } })
    const policy = await api.createAuthorizationServerPolicy({
      authServerId,
      policy: Object({
        type: 'OAUTH_AUTHORIZATION_POLICY',
        name: 'p',
        description: 'p',
        priority: 1,
        conditions: { clients: { include: ['ALL_CLIENTS'] } },
      }),
    })
    const policyId = String(policy.id)
    const inlineHook = Object({ name: 'h', type, version, channel: headerChannel('http://127.0.0.1:9/') })
    const hook = await client.inlineHookApi.createInlineHook({ inlineHook })
    const policyRule = Object({
      type: 'RESOURCE_ACCESS',
      name: 'r',
      priority: 1,
      conditions: {
        people: { groups: { include: ['EVERYONE'] } },
        grantTypes: { include: ['client_credentials'] },
        scopes: { include: ['*'] },
      },
      actions: { token: { accessTokenLifetimeMinutes: 5, inlineHook: { id: hook.id } } },
    })
    await api.createAuthorizationServerPolicyRule({ authServerId, policyId, policyRule })
    const [rule] = await all(api.listAuthorizationServerPolicyRules({ authServerId, policyId }))
    expect(rule).toMatchObject({ status: 'ACTIVE', actions: { token: { inlineHook: { id: hook.id } } } })

    const app = plain(
      await client.applicationApi.createApplication({
        application: Object({
          name: 'oidc_client',
          label: 'API C',
          signOnMode: 'OPENID_CONNECT',
          credentials: { oauthClient: { token_endpoint_auth_method: 'client_secret_basic' } },
          settings: {
            oauthClient: {
              application_type: 'service',
              grant_types: ['client_credentials'],
              response_types: ['token'],
            },
          },
        }),
      }),
    )
    const { client_id: clientId, client_secret: secret } = Object(app['credentials']).oauthClient
    const response = await fetch(`${sandbox.url}/oauth2/${authServerId}/v1/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'orders:read' }),
    })
    expect(await response.json()).toMatchObject({ expires_in: 300 })

    const filter = 'eventType eq "inline_hook.executed" and outcome.result eq "FAILURE"'
    const events = await all(client.systemLogApi.listLogEvents({ filter, limit: 10 }))
    expect(events).toHaveLength(1)
    expect(events[0]).toMatchObject({ target: [{ id: hook.id }], outcome: { result: 'FAILURE' } })
  })

  test('reads users, servers and apps; is refused with a wrong token, and told the rate limit', async () => {
    await using sandbox = await createSandbox(oneServer)
    const client = clientOf(sandbox)
    expect(plain(await client.userApi.getUser({ userId: 'alice@example.com' }))).toMatchObject({
      id: '00u1alice0000000000A',
      profile: { login: 'alice@example.com', firstName: 'Alice' },
    })
    expect(await all(client.authorizationServerApi.listAuthorizationServers())).toMatchObject([
      { id: 'default', audiences: ['api://default'], issuer: `${sandbox.url}/oauth2/default` },
    ])
    expect((await all(client.applicationApi.listApplications())).map(({ label }) => label)).toEqual([
      'Single-page app',
      'API A',
      'API B',
    ])
    await expect(clientOf(sandbox, 'wrong').userApi.getUser({ userId: 'x' })).rejects.toMatchObject({
      status: 401,
      errorCode: 'E0000011',
    })
    const headers = { authorization: `SSWS ${defaultApiToken}` }
    const listed = await fetch(`${sandbox.url}/api/v1/apps`, { headers })
    expect(Number(listed.headers.get('x-rate-limit-remaining'))).toBeLessThan(600)
    expect(Number(listed.headers.get('x-rate-limit-reset'))).toBeGreaterThan(Date.now() / 1000)
  })

  test('gets in with OAuth and private_key_jwt, as far as its scopes go', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    await using sandbox = await createSandbox({
      ...oneServer,
      apps: [
        {
          clientId: '0oaAdmin',
          type: 'service',
          auth: { method: 'private_key_jwt', keys: [{ ...publicKey.export({ format: 'jwk' }), kty: 'RSA' }] },
          managementScopes: ['okta.inlineHooks.read'],
        },
      ],
    })
    const connect = (scopes: string[]) =>
      new okta.Client(
        Object({
          orgUrl: sandbox.url,
          authorizationMode: 'PrivateKey',
          clientId: '0oaAdmin',
          scopes,
          privateKey: JSON.stringify(privateKey.export({ format: 'jwk' })),
          testing,
        }),
      )
    const reader = connect(['okta.inlineHooks.read'])
    expect(await all(reader.inlineHookApi.listInlineHooks())).toEqual([])
    const inlineHook = Object({
      name: 'h',
      type,
      version,
      channel: headerChannel('https://hook.example.com/'),
    })
    await expect(reader.inlineHookApi.createInlineHook({ inlineHook })).rejects.toMatchObject({ status: 403 })
    await expect(all(reader.userApi.listUsers())).rejects.toMatchObject({ status: 403 })
    await expect(all(connect(['okta.users.read']).userApi.listUsers())).rejects.toThrow()
  })
})
