import { text } from 'node:stream/consumers'
import {
  type ClientAuth,
  type ClientOptions,
  clientSecretBasic,
  clientSecretPost,
  createClient,
  privateKeyJwt,
} from '@behalf/client'
import { createSandbox, type Sandbox } from '@behalf/sandbox'
import { generateSigningKey, listen, oneServer, signJwt, userClaims } from '@behalf/testing'
import { expect, onTestFinished, test } from 'vitest'
import { refusal } from './support/fixture.ts'

/** The other side is the sandbox here: Okta's token endpoint by contract, not by this package's tests. */
const registeredKey = generateSigningKey('registered', 'RS256')
const clients: Readonly<Record<string, { readonly clientId: string; readonly auth: ClientAuth }>> = {
  clientSecretBasic: { clientId: '0oaBasic', auth: clientSecretBasic('basic-secret_with~signs') },
  clientSecretPost: { clientId: '0oaPost', auth: clientSecretPost('post-secret_with~signs') },
  privateKeyJwt: {
    clientId: '0oaKey',
    auth: privateKeyJwt({
      privateKey: registeredKey.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
      keyId: 'registered',
    }),
  },
}

async function startSandbox(hook?: string): Promise<Sandbox> {
  const sandbox = await createSandbox({
    ...oneServer,
    ...(hook === undefined ? {} : { hook: { uri: hook, secret: 'hook-secret-0123456789' } }),
    apps: [
      {
        clientId: '0oaBasic',
        type: 'service',
        auth: { method: 'client_secret_basic', clientSecret: 'basic-secret_with~signs' },
      },
      {
        clientId: '0oaPost',
        type: 'service',
        auth: { method: 'client_secret_post', clientSecret: 'post-secret_with~signs' },
      },
      {
        clientId: '0oaKey',
        type: 'service',
        auth: { method: 'private_key_jwt', keys: [{ ...registeredKey.jwk, kty: 'RSA' }] },
      },
    ],
  })
  onTestFinished(() => sandbox.close())
  return sandbox
}

/** A hook by contract: delegates to whoever asks, or denies when `denial` is set. */
async function startHook(denial?: string): Promise<string> {
  const hook = await listen(async (request, response) => {
    const { data } = JSON.parse(await text(request))
    const assertion = new URL(data.context.request.url.value).searchParams.get('assertion') ?? ''
    const claims = JSON.parse(Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString())
    const value = [
      { op: 'replace', path: '/claims/sub', value: claims.sub },
      { op: 'add', path: '/claims/act', value: { sub: data.access.claims.cid, sub_profile: 'service' } },
      { op: 'add', path: '/claims/assertion', value: claims },
      { op: 'replace', path: '/token/lifetime/expiration', value: 600 },
    ]
    const commands = [{ type: 'com.okta.access.patch', value }]
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(denial === undefined ? { commands } : { error: { errorSummary: denial } }))
  })
  onTestFinished(() => hook.close())
  return `${hook.origin}/inline-hook`
}

function userToken(): string {
  const claims = userClaims(Math.floor(Date.now() / 1000), { iss: 'https://users.example' })
  return signJwt(registeredKey, claims)
}

function clientOf(sandbox: Sandbox, options: Partial<ClientOptions> = {}) {
  const [server] = sandbox.servers
  if (server === undefined) throw new Error('the sandbox has no server')
  return createClient({
    issuer: server.issuer,
    clientId: '0oaBasic',
    auth: clientSecretBasic('basic-secret_with~signs'),
    ...options,
  })
}

test.each(Object.entries(clients))('%s obtains a delegated token', async (_, options) => {
  const client = clientOf(await startSandbox(await startHook()), options)
  const token = await client.acquireToken({ assertion: userToken(), scopes: ['orders:read'] })
  expect(token.subject).toBe('ann@example.com')
  expect(token.actors).toEqual([{ sub: options.clientId, sub_profile: 'service' }])
  expect(token.scopes).toEqual(['orders:read'])
  expect(token.expiresAt - Date.now() / 1000).toBeGreaterThan(590)
  expect(token.expiresAt - Date.now() / 1000).toBeLessThanOrEqual(600)
})

test('a denial keeps its code', async () => {
  const client = clientOf(await startSandbox(await startHook('policy_denied: Policy does not permit this.')))
  const error = await refusal(client.acquireToken({ assertion: userToken(), scopes: ['orders:read'] }))
  expect(error).toMatchObject({ code: 'policy_denied', refusedBy: 'hook' })
})

test.each([
  ['without a hook', undefined],
  ['when its hook is down', 'http://127.0.0.1:9/inline-hook'],
])('the plain token that Okta issues %s is not handed out', async (_, hook) => {
  const client = clientOf(await startSandbox(hook))
  const error = await refusal(client.acquireToken({ assertion: userToken(), scopes: ['orders:read'] }))
  expect(error).toMatchObject({ code: 'token_undelegated', refusedBy: 'client', retryable: false })
  expect(client.statistics()).toMatchObject({ entries: 0, misses: 1 })
})

test('wrong credentials and scopes are named by their OAuth error', async () => {
  const sandbox = await startSandbox(await startHook())
  const stranger = clientOf(sandbox, { auth: clientSecretBasic('another') })
  const rejected = await refusal(stranger.acquireToken({ assertion: userToken(), scopes: ['orders:read'] }))
  expect(rejected).toMatchObject({ code: 'token_request_failed', oauthError: 'invalid_client' })
  const client = clientOf(sandbox)
  const refused = await refusal(client.acquireToken({ assertion: userToken(), scopes: ['no:such'] }))
  expect(refused).toMatchObject({ code: 'token_request_failed', oauthError: 'invalid_scope' })
})
