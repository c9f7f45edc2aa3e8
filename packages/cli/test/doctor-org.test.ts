import { createHook } from '@behalf/hook'
import { startNodeServer } from '@behalf/hook/node'
import {
  createSandbox,
  defaultApiToken,
  defaultOrg,
  type Sandbox,
  type SandboxOptions,
} from '@behalf/sandbox'
import { listen, oneServer } from '@behalf/testing'
import { describe, expect, it } from 'vitest'
import type { Finding } from '../src/diagnosis/finding.ts'
import { type Diagnosis, diagnose } from './diagnosis.ts'
import { get, provision, send } from './provisioned-org.ts'

const secret = 'a-secret-of-the-hook'
const [, apiA] = defaultOrg.apps
const client = { CLIENT_ID: apiA.clientId, CLIENT_SECRET: 'api-a-secret-for-the-sandbox-only' }

/** A hook that denies all but what the org's own client may do. */
async function startHook(
  issuer = 'https://example.okta.com/oauth2/default',
): Promise<{ uri: string } & AsyncDisposable> {
  const hook = createHook({
    authenticate: { secrets: [secret] },
    issuers: [{ issuer, audiences: ['a'] }],
    clients: 'any',
  })
  const server = await startNodeServer(hook, { drainDelayMs: 0 })
  return { uri: `${server.origin}/inline-hook`, [Symbol.asyncDispose]: () => server.stop() }
}

/** Examines a hook as it is registered with the org of a sandbox. */
function examine(
  { url }: Pick<Sandbox, 'url'>,
  uri: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Diagnosis> {
  const args = ['--issuer', `${url}/oauth2/default`, '--hook', uri, '--scope', 'orders:read']
  return diagnose(args, { OKTA_ORG_URL: url, OKTA_API_TOKEN: defaultApiToken, ...env })
}

const failuresOf = ({ findings }: Diagnosis): readonly Finding[] =>
  findings.filter(({ status }) => status === 'failure')

/** An org whose one rule serves what is listed, for an hour, and grants everything. */
const withRule = (uri: string, ...grantTypes: string[]): SandboxOptions => ({
  inlineHooks: [{ id: 'calB', name: 'Behalf', uri, auth: { secret } }],
  authorizationServers: [
    {
      id: 'default',
      scopes: ['orders:read'],
      policies: [{ name: 'Default', rules: [{ name: 'All', grantTypes, inlineHook: 'calB' }] }],
    },
  ],
})

describe('behalf doctor on rules', () => {
  it('fails a rule that serves sign-in, too, and names its grant types', async () => {
    await using hook = await startHook()
    await using sandbox = await createSandbox(withRule(hook.uri, 'authorization_code', 'client_credentials'))
    const diagnosis = await examine(sandbox, hook.uri)
    expect(diagnosis.code).toBe(1)
    expect(failuresOf(diagnosis)).toEqual([
      expect.objectContaining({
        check: 'rule grant types',
        detail: expect.stringMatching(
          /'Default \/ All' serves authorization_code, client_credentials.*sign-ins fail/,
        ),
        remedy: expect.stringContaining('--own-rule'),
      }),
    ])
    expect(diagnosis.find('rule lifetime')).toMatchObject({ status: 'warning', detail: '60 min' })
    expect(diagnosis.find('rule scopes')).toMatchObject({
      status: 'warning',
      detail: 'every scope is granted',
    })
  })

  it('fails a rule that serves sign-in alone', async () => {
    await using hook = await startHook()
    await using sandbox = await createSandbox(withRule(hook.uri, 'authorization_code'))
    const { find } = await examine(sandbox, hook.uri)
    expect(find('rule')).toMatchObject({
      status: 'failure',
      detail: expect.stringMatching(/no rule for client_credentials/),
    })
    expect(find('rule grant types')?.status).toBe('failure')
  })

  it('fails a rule that is tried before that of the hook', async () => {
    await using hook = await startHook()
    const [server] = withRule(hook.uri, 'client_credentials').authorizationServers ?? []
    await using sandbox = await createSandbox({
      ...oneServer,
      ...withRule(hook.uri, 'client_credentials'),
      authorizationServers: [
        {
          ...server,
          id: 'default',
          policies: [
            { name: 'Older', rules: [{ name: 'Machines', grantTypes: ['client_credentials'] }] },
            ...(server?.policies ?? []),
          ],
        },
      ],
    })
    const { find } = await examine(sandbox, hook.uri, client)
    expect(find('rule for the client')).toMatchObject({
      status: 'failure',
      detail: expect.stringMatching(/^'Older \/ Machines' is the first rule/),
    })
  })

  it('finds nothing wrong with what provision makes', async () => {
    await using hook = await startHook()
    await using sandbox = await createSandbox({
      authorizationServers: [{ id: 'default', scopes: ['orders:read'], policies: [] }],
    })
    const own = ['--hook', hook.uri, '--app', 'API A', '--scope', 'orders:read', '--own-rule', '--yes']
    const env = { OKTA_API_TOKEN: defaultApiToken, HOOK_SECRET: secret }
    expect((await provision(sandbox, own, env)).code).toBe(0)
    const diagnosis = await examine(sandbox, hook.uri, { ...client, HOOK_SECRET: secret })
    expect(failuresOf(diagnosis)).toEqual([])
    expect(diagnosis.find('rule lifetime')).toMatchObject({ status: 'ok', detail: '5 min' })
    expect(diagnosis.find('rule scopes')).toMatchObject({ status: 'ok', detail: 'orders:read' })
  })
})

describe('behalf doctor on the registration', () => {
  it.each([
    ['/inline-hook/', 'a slash at the end'],
    ['//inline-hook', 'a doubled slash'],
    ['/Inline-Hook', 'another case'],
    ['/inline%2Dhook', 'escaped characters'],
    ['/inline-hook?a=1', 'another query'],
  ])('finds a URL with a slip: %s', async (path, slip) => {
    await using hook = await startHook()
    const registered = new URL(hook.uri).origin + path
    await using sandbox = await createSandbox(withRule(registered, 'client_credentials'))
    const { code, find } = await examine(sandbox, hook.uri)
    expect(code).toBe(1)
    expect(find('hook URL')).toMatchObject({ status: 'failure', detail: expect.stringContaining(slip) })
    // The rest is looked at all the same.
    expect(find('rule')?.status).toBe('ok')
  })

  it('finds a slip that is in the registered and in the given URL alike', async () => {
    await using hook = await startHook()
    const slipped = `${hook.uri}/`
    await using sandbox = await createSandbox(withRule(slipped, 'client_credentials'))
    const { find } = await examine(sandbox, slipped, { HOOK_SECRET: secret })
    for (const check of ['hook with the secret', 'hook called by Okta'])
      expect(find(check)).toMatchObject({ status: 'failure', detail: 'denied: path_unknown' })
  })

  it('finds a hook that is registered with http in place of https, and takes no other hook for it', async () => {
    await using sandbox = await createSandbox(
      withRule('http://hook.example.com/inline-hook', 'client_credentials'),
    )
    const { find } = await examine(sandbox, 'https://hook.example.com/inline-hook')
    expect(find('hook URL')?.detail).toMatch(/http:\/\/ in place of https:\/\//)
    const other = await examine(sandbox, 'https://hook.example.com/other')
    expect(other.find('hook registered')?.detail).toMatch(/knows no token inline hook of this URL/)
  })

  it('previews with an event as complete as that of Okta', async () => {
    const bodies: unknown[] = []
    await using hook = await listen(async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk)
      if (request.method === 'POST') bodies.push(JSON.parse(Buffer.concat(chunks).toString()))
      response.end('{"error":{"errorSummary":"assertion_missing: x"}}')
    })
    const uri = `${hook.origin}/inline-hook`
    await using sandbox = await createSandbox(withRule(uri, 'client_credentials'))
    await examine(sandbox, uri, client)
    expect(bodies.at(-1)).toMatchObject({
      source: expect.any(String),
      eventId: expect.any(String),
      eventTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      eventTypeVersion: '1.0',
      cloudEventVersion: '0.1',
      contentType: 'application/json',
      eventType: 'com.okta.oauth2.tokens.transform',
      data: {
        context: {
          request: {
            id: expect.any(String),
            method: 'POST',
            url: { value: expect.any(String) },
            ipAddress: expect.any(String),
          },
          protocol: {
            type: 'OAUTH2.0',
            request: { client_id: apiA.clientId, grant_type: 'client_credentials', scope: 'orders:read' },
            issuer: { uri: `${sandbox.url}/oauth2/default` },
            client: { id: apiA.clientId, name: expect.any(String), type: 'CONFIDENTIAL' },
          },
          policy: { id: expect.any(String), rule: { id: expect.any(String) } },
        },
        access: {
          claims: {
            ver: 1,
            jti: expect.any(String),
            iss: `${sandbox.url}/oauth2/default`,
            aud: expect.any(String),
            iat: expect.any(Number),
            exp: expect.any(Number),
            cid: apiA.clientId,
            sub: apiA.clientId,
            scp: ['orders:read'],
          },
          token: { lifetime: { expiration: expect.any(Number) } },
          scopes: { 'orders:read': { id: expect.any(String), action: 'GRANT' } },
        },
      },
    })
  })
})

describe('behalf doctor on an OAuth-secured hook', () => {
  const okta = '0oaOktaAsHookClient'

  /** An org with a hook whose token comes from one of its own servers. */
  async function orgWithOAuthHook(uri: string, server: string): Promise<Sandbox> {
    const sandbox = await createSandbox({
      authorizationServers: [...oneServer.authorizationServers, { id: 'hooks', scopes: ['hook:call'] }],
    })
    const options = [
      '--hook',
      uri,
      '--hook-auth',
      'private_key_jwt',
      '--hook-client',
      okta,
      '--hook-scope',
      'hook:call',
    ]
    // Registered while the server is another one, as an installation of an earlier version may be.
    const source = ['--hook-token-url', `${sandbox.url}/oauth2/hooks/v1/token`]
    const { stdout } = await provision(sandbox, [...options, ...source, '--yes', '--json'])
    await send(sandbox, 'POST', '/api/v1/apps', {
      name: 'oidc_client',
      label: 'Okta',
      signOnMode: 'OPENID_CONNECT',
      credentials: { oauthClient: { client_id: okta, token_endpoint_auth_method: 'private_key_jwt' } },
      settings: {
        oauthClient: {
          application_type: 'service',
          grant_types: ['client_credentials'],
          response_types: ['token'],
          jwks: { keys: [JSON.parse(stdout).made.hookPublicKey] },
        },
      },
    })
    const [hook] = await get(sandbox, '/api/v1/inlineHooks')
    const { channel, ...rest } = Object(hook)
    const tokenUrl = `${sandbox.url}/oauth2/${server}/v1/token`
    const moved = { ...rest, channel: { ...channel, config: { ...channel.config, tokenUrl } } }
    await send(sandbox, 'PUT', `/api/v1/inlineHooks/${hook?.['id']}`, moved)
    return sandbox
  }

  it('names the loop when the rule that issues its token calls it', async () => {
    await using hook = await startHook()
    await using sandbox = await orgWithOAuthHook(hook.uri, 'default')
    await using fine = await orgWithOAuthHook(hook.uri, 'hooks')
    const looped = await examine(sandbox, hook.uri)
    // A look must not start the storm.
    expect(looped.find('hook called by Okta')?.status).toBe('skipped')
    const calls = sandbox.systemLog
      .events()
      .filter(({ eventType }) => /inline_hook\.(exec|resp)/.test(eventType))
    expect(calls).toEqual([])
    expect(looped.find('token for the hook')).toMatchObject({
      status: 'failure',
      detail: `a loop: 'Behalf' needs a token for ${okta} → 'default' issues it under 'Default policy / Machines' → that rule calls 'Behalf'`,
    })
    const { find } = await examine(fine, hook.uri)
    expect(find('token for the hook')).toMatchObject({ status: 'ok' })
    expect(find('hook key')).toMatchObject({ status: 'ok', detail: `the client ${okta} knows it` })
  })

  it('finds a hook key that is gone, and one that the client does not know', async () => {
    await using hook = await startHook()
    await using sandbox = await orgWithOAuthHook(hook.uri, 'hooks')
    const app = Object((await get(sandbox, '/api/v1/apps')).find(({ label }) => label === 'Okta'))
    const other = await send(sandbox, 'POST', '/api/v1/hook-keys', { name: 'other' })
    const { oauthClient } = app.settings
    const jwks = { keys: [{ ...oauthClient.jwks.keys[0], kid: 'older' }] }
    await send(sandbox, 'PUT', `/api/v1/apps/${app.id}`, {
      ...app,
      settings: { oauthClient: { ...oauthClient, jwks } },
    })
    expect((await examine(sandbox, hook.uri)).find('hook key')).toMatchObject({
      status: 'failure',
      detail: expect.stringContaining('does not know the key'),
    })
    // Okta refuses to delete a key that is used; an org that was restored or changed by hand may lack it all the same.
    const [document] = await get(sandbox, '/api/v1/inlineHooks')
    const { channel, ...rest } = Object(document)
    const gone = { ...rest, channel: { ...channel, config: { ...channel.config, hookKeyId: other['id'] } } }
    await send(sandbox, 'PUT', `/api/v1/inlineHooks/${rest.id}`, gone)
    await using without = await createSandbox({ state: withoutHookKey(sandbox, String(other['id'])) })
    expect((await examine(without, hook.uri)).find('hook key')).toMatchObject({
      status: 'failure',
      detail: expect.stringMatching(/does not exist any more/),
    })
  })

  function withoutHookKey(sandbox: Sandbox, id: string): ReturnType<Sandbox['exportState']> {
    const state = sandbox.exportState()
    return { ...state, hookKeys: state.hookKeys.filter((key) => key.id !== id) }
  }
})

describe('behalf doctor on the System Log', () => {
  it.each(['FAILURE', 'DENY'])('tells denials, logged as %s, from failed calls', async (result) => {
    const uri = 'https://hook.example.com/inline-hook'
    const event = (reason: string, outcome = result, debugData = {}) => ({
      eventType: 'inline_hook.response.processed',
      outcome: { result: outcome, reason },
      target: [{ id: 'calB', type: 'inline_hook' }],
      debugContext: { debugData },
    })
    const expired = event('assertion_expired: The assertion has expired; obtain a new access token.')
    const wrapped = event(
      'The callback service returned an error: assertion_missing: The token request has none.',
    )
    const inDebugData = event('', result, {
      errorMessage: 'caller_unauthenticated: The caller did not authenticate.',
    })
    // A client can write what it likes into its own URL.
    const failed = event('No answer', 'FAILURE', {
      url: '/v1/token?x=assertion_expired: y',
      requestUri: 'overloaded: z',
    })
    let events: unknown[] = [expired, expired, wrapped]
    await using org = await listen((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://org')
      const isNamed = (each: unknown): boolean => Object(each).target !== undefined
      const found =
        searchParams.get('filter')?.includes('target.id') === true ? events.filter(isNamed) : events
      const hook = {
        id: 'calB',
        name: 'Behalf',
        status: 'ACTIVE',
        channel: { type: 'HTTP', config: { uri } },
      }
      const answers: Record<string, unknown> = { '/api/v1/inlineHooks': [hook], '/api/v1/logs': found }
      response.end(JSON.stringify(answers[pathname] ?? []))
    })
    const env = { OKTA_ORG_URL: org.origin, OKTA_API_TOKEN: 'x' }
    const denied = await diagnose(['--hook', uri], env)
    expect(denied.find('System Log')?.status).toBe('ok')
    expect(denied.find('denials in the log')).toMatchObject({
      status: 'ok',
      detail: '3 in the last 24 h: 2 × assertion_expired, 1 × assertion_missing',
    })
    events = [inDebugData, failed]
    const alarmed = await diagnose(['--hook', uri], env)
    expect(alarmed.find('denials in the log')).toMatchObject({
      status: 'warning',
      remedy: expect.stringContaining('caller_unauthenticated'),
    })
    expect(alarmed.find('System Log')).toMatchObject({
      status: 'failure',
      detail: expect.stringMatching(/^1 plain tokens .*1 × No answer$/),
    })
    // What names no hook may be about ours; what names another is not.
    const { target: _, ...nameless } = failed
    events = [nameless, { ...failed, target: [{ id: 'calOther', type: 'InlineHook' }] }]
    expect((await diagnose(['--hook', uri], env)).find('System Log')).toMatchObject({
      status: 'failure',
      detail: expect.stringMatching(/^1 plain tokens /),
    })
  })
})
