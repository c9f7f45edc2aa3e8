import { createSandbox, defaultApiToken, type Sandbox } from '@behalf/sandbox'
import okta from '@okta/okta-sdk-nodejs'
import { afterAll, beforeAll, expect, test } from 'vitest'

let sandbox: Sandbox
let client: okta.Client
beforeAll(async () => {
  sandbox = await createSandbox()
  // The SDK's types do not know `testing`, which its documentation names.
  client = new okta.Client(
    Object({ orgUrl: sandbox.url, token: defaultApiToken, testing: { disableHttpsCheck: true } }),
  )
})
afterAll(() => sandbox.close())

/** The members of an answer, without the SDK's class. */
const plain = (value: unknown) => Object(JSON.parse(JSON.stringify(value)))

async function all(collection: Promise<AsyncIterable<unknown>>): Promise<ReturnType<typeof Object>[]> {
  const items = []
  for await (const item of await collection) if (item !== null) items.push(plain(item))
  return items
}

test('people come, are found, change and go', async () => {
  const profile = { login: 'eve@example.com', email: 'eve@example.com', firstName: 'Eve', lastName: 'Fox' }
  const { id: userId } = plain(await client.userApi.createUser({ body: { profile } }))
  const search = (login: string) => all(client.userApi.listUsers({ search: `profile.login eq "${login}"` }))
  expect(await search(profile.login)).toMatchObject([{ id: userId, profile }])
  expect(await search('nobody@example.com')).toEqual([])
  await client.userApi.updateUser({ userId, user: Object({ profile: { department: 'sales' } }) })
  const found = plain(await client.userApi.getUser({ userId: profile.login }))
  expect(found).toMatchObject({ profile: { ...profile, department: 'sales' } })
  expect(Date.parse(found.created)).toBeGreaterThan(0)
})

test('groups have members', async () => {
  const group = plain(await client.groupApi.createGroup({ group: Object({ profile: { name: 'Sales' } }) }))
  const [user] = await all(client.userApi.listUsers({}))
  await client.groupApi.assignUserToGroup({ groupId: group.id, userId: user.id })
  expect(await all(client.groupApi.listGroupUsers({ groupId: group.id }))).toMatchObject([{ id: user.id }])
  expect((await all(client.groupApi.listGroups({}))).map(({ profile }) => profile.name)).toContain('Sales')
})

test('a hook is renamed without saying the rest of it again', async () => {
  const channel = {
    type: 'HTTP',
    version: '1.0.0',
    config: {
      uri: 'https://hook.example.com/',
      method: 'POST',
      authScheme: { type: 'HEADER', key: 'Authorization', value: 'a-secret' },
    },
  }
  const inlineHook = Object({
    name: 'h',
    type: 'com.okta.oauth2.tokens.transform',
    version: '1.0.0',
    channel,
  })
  const { id: inlineHookId } = plain(await client.inlineHookApi.createInlineHook({ inlineHook }))
  await client.inlineHookApi.updateInlineHook({ inlineHookId, inlineHook: Object({ name: 'renamed' }) })
  expect(plain(await client.inlineHookApi.getInlineHook({ inlineHookId }))).toMatchObject({
    name: 'renamed',
    channel: { config: { uri: 'https://hook.example.com/' } },
  })
})

test('a server has claims, scopes with consent, rules for any scope, and keys that change', async () => {
  const api = client.authorizationServerApi
  const server = await api.createAuthorizationServer({
    authorizationServer: { name: 'n', description: 'd', audiences: ['api://x'] },
  })
  const authServerId = String(server.id)
  const claim = {
    name: 'team',
    claimType: 'RESOURCE',
    valueType: 'EXPRESSION',
    value: 'user.department',
    status: 'ACTIVE',
  }
  await api.createOAuth2Claim({ authServerId, oAuth2Claim: Object(claim) })
  expect(await all(api.listOAuth2Claims({ authServerId }))).toContainEqual(expect.objectContaining(claim))
  const scope = await api.createOAuth2Scope({
    authServerId,
    oAuth2Scope: Object({ name: 'a:b', consent: 'REQUIRED' }),
  })
  expect(plain(await api.getOAuth2Scope({ authServerId, scopeId: String(scope.id) })).consent).toBe(
    'REQUIRED',
  )
  const policy = await api.createAuthorizationServerPolicy({
    authServerId,
    policy: Object({
      type: 'OAUTH_AUTHORIZATION_POLICY',
      name: 'p',
      description: 'd',
      priority: 1,
      conditions: { clients: { include: ['ALL_CLIENTS'] } },
    }),
  })
  const policyRule = Object({
    type: 'RESOURCE_ACCESS',
    name: 'r',
    priority: 1,
    conditions: {
      people: { groups: { include: ['EVERYONE'] } },
      grantTypes: { include: ['client_credentials'] },
    },
    actions: { token: { accessTokenLifetimeMinutes: 60 } },
  })
  const policyId = String(policy.id)
  const rule = await api.createAuthorizationServerPolicyRule({ authServerId, policyId, policyRule })
  expect(rule.status).toBe('ACTIVE')
  const before = await all(api.listAuthorizationServerKeys({ authServerId }))
  const after = await all(api.rotateAuthorizationServerKeys({ authServerId, use: { use: 'sig' } }))
  const active = (keys: typeof before) => keys.find(({ status }) => status === 'ACTIVE').kid
  expect(active(after)).not.toBe(active(before))
})

test('an app is made inactive, and has a secret that is listed', async () => {
  const application = Object({
    name: 'oidc_client',
    label: 'svc',
    signOnMode: 'OPENID_CONNECT',
    credentials: { oauthClient: { token_endpoint_auth_method: 'client_secret_basic' } },
    settings: {
      oauthClient: {
        application_type: 'service',
        grant_types: ['client_credentials'],
        response_types: ['token'],
      },
    },
  })
  const app = plain(await client.applicationApi.createApplication({ activate: false, application }))
  expect(app.status).toBe('INACTIVE')
  const secrets = client.applicationSSOPublicKeysApi.listOAuth2ClientSecrets({ appId: app.id })
  expect(await all(secrets)).toMatchObject([
    { status: 'ACTIVE', client_secret: app.credentials.oauthClient.client_secret },
  ])
})

test('lists come page by page', async () => {
  const [whole, paged] = await Promise.all([
    all(client.applicationApi.listApplications({})),
    all(client.applicationApi.listApplications({ limit: 1 })),
  ])
  expect(whole.length).toBeGreaterThan(1)
  expect(paged).toEqual(whole)
  expect(
    (await all(client.authorizationServerApi.listAuthorizationServers({ limit: 1 }))).length,
  ).toBeGreaterThan(1)
})

test('the org tells its name and what happened', async () => {
  expect(plain(await client.orgSettingApi.getOrgSettings())).toMatchObject({ status: 'ACTIVE' })
  const until = new Date(Date.now() + 60_000).toISOString()
  expect((await all(client.systemLogApi.listLogEvents({ until }))).length).toBeGreaterThan(0)
})
