import { createSandbox, defaultApiToken, type JsonObject, type Sandbox } from '@behalf/sandbox'
import { decodeJwt } from 'jose'
import { describe, expect, it } from 'vitest'
import { listenAsHook, patches } from './hook-server.ts'

const grant = 'urn:ietf:params:oauth:grant-type:token-exchange'
const accessToken = 'urn:ietf:params:oauth:token-type:access_token'
const [apiA, secret] = ['0oaApiA', 'api-a-secret-for-the-sandbox-only']

/** An org whose server `orders` takes tokens of `users`, and whose server `strangers` nobody trusts. */
function orgOf(hook?: { readonly uri: string; readonly secret: string }): Promise<Sandbox> {
  const people = { name: 'People', rules: [{ name: 'People', grantTypes: ['authorization_code'] }] }
  return createSandbox({
    ...(hook === undefined
      ? {}
      : { inlineHooks: [{ id: 'calTheirs', uri: hook.uri, auth: { secret: hook.secret } }] }),
    authorizationServers: [
      { id: 'users', audience: 'api://a', policies: [people] },
      { id: 'strangers', audience: 'api://a', policies: [people] },
      {
        id: 'orders',
        audience: 'https://orders.example',
        scopes: ['orders:read', 'orders:write'],
        trustedServers: ['users'],
        policies: [
          {
            name: 'Exchange',
            clients: [apiA],
            rules: [
              {
                name: 'Token exchange',
                grantTypes: [grant],
                scopes: ['orders:read'],
                accessTokenLifetimeSeconds: 300,
                ...(hook === undefined ? {} : { inlineHook: 'calTheirs' }),
              },
            ],
          },
        ],
      },
    ],
    apps: [
      { type: 'spa', clientId: '0oaSpa', redirectUris: ['http://localhost:3000/callback'] },
      ...[apiA, '0oaOther'].map(
        (clientId) =>
          ({
            type: 'service',
            clientId,
            auth: { method: 'client_secret_basic', clientSecret: secret },
            grantTypes: clientId === apiA ? ['client_credentials', grant] : ['client_credentials'],
          }) as const,
      ),
    ],
  })
}

async function exchange(
  { url }: Sandbox,
  changes: Readonly<Record<string, string>>,
  client: string = apiA,
): Promise<{ readonly status: number; readonly body: JsonObject }> {
  const response = await fetch(`${url}/oauth2/orders/v1/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${client}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({
      grant_type: grant,
      subject_token_type: accessToken,
      scope: 'orders:read',
      audience: 'https://orders.example',
      ...changes,
    }),
  })
  return { status: response.status, body: Object(await response.json()) }
}

const tokenOf = (org: Sandbox, server = 'users'): Promise<string> =>
  org.userToken({ login: 'alice@example.com', server })

describe("Okta's own token exchange", () => {
  it('gives a token of the person, for the server that is asked, from a server that it trusts', async () => {
    await using org = await orgOf()
    const { status, body } = await exchange(org, { subject_token: await tokenOf(org) })
    expect([status, body]).toEqual([
      200,
      expect.objectContaining({ token_type: 'Bearer', expires_in: 300, issued_token_type: accessToken }),
    ])
    const claims = decodeJwt(String(body['access_token']))
    expect(claims).toMatchObject({
      iss: `${org.url}/oauth2/orders`,
      aud: 'https://orders.example',
      sub: 'alice@example.com',
      uid: '00u1alice0000000000A',
      cid: apiA,
      scp: ['orders:read'],
    })
    expect(claims['act']).toBeUndefined()
  })

  it.each([
    ['of a server that is not trusted', { server: 'strangers' }, 400, 'invalid_request'],
    ['that is none', { subject_token: 'eyJ.eyJ.x' }, 400, 'invalid_request'],
    [
      'of another type',
      { subject_token_type: 'urn:ietf:params:oauth:token-type:id_token' },
      400,
      'invalid_request',
    ],
    ['for another audience', { audience: 'https://stock.example' }, 400, 'invalid_target'],
    ['for a scope that no rule grants', { scope: 'orders:write' }, 400, 'access_denied'],
    ['for a scope that there is not', { scope: 'orders:delete' }, 400, 'invalid_scope'],
    [
      'as Native-to-Web SSO asks',
      { requested_token_type: 'urn:okta:oauth:token-type:interclient_token' },
      400,
      'invalid_request',
    ],
    ['as Native SSO asks', { actor_token: 'a-device-secret' }, 400, 'invalid_request'],
    ['by an app that may not', { client: '0oaOther' }, 400, 'unauthorized_client'],
  ] as const)(
    'refuses a subject token %s',
    async (_, given: Readonly<Record<string, string>>, status, error) => {
      await using org = await orgOf()
      const { server, client, ...changes } = given
      const answer = await exchange(org, { subject_token: await tokenOf(org, server), ...changes }, client)
      expect([answer.status, answer.body['error']]).toEqual([status, error])
    },
  )

  it('calls the hook of the rule, which sees the person and not the subject token', async () => {
    await using hook = await listenAsHook(patches({ op: 'add', path: '/claims/act', value: { sub: apiA } }))
    await using org = await orgOf({ uri: hook.uri, secret: 'a-secret-of-the-hook' })
    const subject = await tokenOf(org)
    const { body } = await exchange(org, { subject_token: subject })
    expect(decodeJwt(String(body['access_token']))).toMatchObject({ act: { sub: apiA } })
    const [request] = hook.calls
    const text = JSON.stringify(request?.body)
    expect(text).not.toContain(subject)
    expect(Object(request?.body).data).toMatchObject({
      context: { protocol: { request: { grant_type: grant, client_id: apiA } } },
      access: { claims: { sub: 'alice@example.com', uid: '00u1alice0000000000A', cid: apiA } },
    })
    expect(Object(request?.body).data.context.user).toBeUndefined()
  })

  it('knows whom a server trusts through the management API', async () => {
    await using org = await orgOf()
    const path = '/api/v1/authorizationServers/orders/associatedServers'
    const ask = async (method: string, at: string, body?: JsonObject): Promise<unknown> => {
      const response = await fetch(`${org.url}${at}`, {
        method,
        headers: { authorization: `SSWS ${defaultApiToken}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      return response.status === 204 ? undefined : response.json()
    }
    expect(await ask('GET', `${path}?trusted=true`)).toEqual([expect.objectContaining({ id: 'users' })])
    await ask('POST', path, { trusted: ['strangers'] })
    expect((await exchange(org, { subject_token: await tokenOf(org, 'strangers') })).status).toBe(200)
    await ask('DELETE', `${path}/strangers`)
    expect((await exchange(org, { subject_token: await tokenOf(org, 'strangers') })).status).toBe(400)
    expect(await ask('GET', '/api/v1/authorizationServers/users/associatedServers?trusted=false')).toEqual([
      expect.objectContaining({ id: 'orders' }),
    ])
  })
})
