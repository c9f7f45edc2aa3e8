import { createSandbox, defaultApiToken, defaultOrg, type Sandbox } from '@behalf/sandbox'
import { listen } from '@behalf/testing'
import { expect, it } from 'vitest'
import { diagnose } from './diagnosis.ts'
import { provision, send } from './provisioned-org.ts'

const [, apiA] = defaultOrg.apps
const reports = { clientId: '0oaReports', secret: 'a-secret-for-the-sandbox-only-b' }
const env = { CLIENT_ID: apiA.clientId, CLIENT_SECRET: 'api-a-secret-for-the-sandbox-only' }

/** An org in which a hook of somebody else decides about all machine tokens. */
function orgWithTheirs(theirs: string): Promise<Sandbox> {
  return createSandbox({
    inlineHooks: [{ id: 'calTheirs', name: 'Tenant claims', uri: theirs, auth: { secret: 'theirs' } }],
    authorizationServers: [
      {
        id: 'default',
        scopes: ['orders:read'],
        policies: [
          {
            name: 'Everybody',
            rules: [{ name: 'Machines', grantTypes: ['client_credentials'], inlineHook: 'calTheirs' }],
          },
        ],
      },
    ],
    apps: [
      ...defaultOrg.apps,
      {
        type: 'service',
        clientId: reports.clientId,
        auth: { method: 'client_secret_basic', clientSecret: reports.secret },
      },
    ],
  })
}

async function tokenOf({ url }: Sandbox, clientId: string, secret: string): Promise<number> {
  const response = await fetch(`${url}/oauth2/default/v1/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'orders:read' }),
  })
  return response.status
}

it('another hook stays where it is: provision makes a rule for API A alone, and doctor says what calls what', async () => {
  let [asked, theirsAsked] = [0, 0]
  await using ours = await listen(async (_, response) => {
    asked++
    response.end('{"error":{"errorSummary":"assertion_missing: the request carries no assertion"}}')
  })
  await using theirs = await listen(async (_, response) => {
    theirsAsked++
    response.end('{"commands":[]}')
  })
  await using sandbox = await orgWithTheirs(theirs.origin)
  const hook = `${ours.origin}/inline-hook`
  const wanted = ['--hook', hook, '--app', apiA.label ?? apiA.clientId, '--scope', 'orders:read', '--yes']
  const secrets = { OKTA_API_TOKEN: defaultApiToken, HOOK_SECRET: 'a-secret-of-the-hook' }
  const examine = (): ReturnType<typeof diagnose> =>
    diagnose(['--issuer', `${sandbox.url}/oauth2/default`, '--hook', hook, '--scope', 'orders:read'], {
      OKTA_ORG_URL: sandbox.url,
      ...secrets,
      ...env,
    })

  const refused = await provision(sandbox, wanted, secrets)
  expect([refused.code, refused.stderr]).toEqual([
    1,
    expect.stringMatching(/'Everybody \/ Machines' calls another inline hook, 'Tenant claims'/),
  ])

  // Registered, as by hand, and called by no rule.
  await send(sandbox, 'POST', '/api/v1/inlineHooks', {
    name: 'By hand',
    type: 'com.okta.oauth2.tokens.transform',
    version: '1.0.0',
    channel: { type: 'HTTP', version: '1.0.0', config: { uri: hook, method: 'POST' } },
  })
  const { find: before } = await examine()
  expect(before('rule')).toMatchObject({
    status: 'failure',
    detail: expect.stringContaining("'Everybody / Machines' calls another, 'Tenant claims'"),
    remedy: expect.stringContaining('--own-rule'),
  })

  const adopting = ['--hook-name', 'By hand', '--adopt', '--own-rule']
  const { code, stderr } = await provision(sandbox, [...wanted, ...adopting], secrets)
  expect([code, stderr]).toEqual([0, ''])
  const { find: after } = await examine()
  expect(after('rule')?.status).toBe('ok')
  expect(after('rule for the client')).toBeUndefined()
  expect(after('rule of another hook')).toMatchObject({
    status: 'ok',
    detail: "'Everybody / Machines' calls 'Tenant claims', which goes on as before",
  })
  ;[asked, theirsAsked] = [0, 0]
  expect(await tokenOf(sandbox, env.CLIENT_ID, env.CLIENT_SECRET)).toBe(400)
  expect([asked, theirsAsked]).toEqual([1, 0])
  expect(await tokenOf(sandbox, reports.clientId, reports.secret)).toBe(200)
  expect([asked, theirsAsked]).toEqual([1, 1])
})

it('doctor names the other hook whose rule comes before', async () => {
  await using ours = await listen(async (_, response) => {
    response.end('{"error":{"errorSummary":"assertion_missing: x"}}')
  })
  await using sandbox = await createSandbox({
    inlineHooks: [
      { id: 'calTheirs', name: 'Tenant claims', uri: ours.origin, auth: { secret: 'theirs' } },
      { id: 'calOurs', name: 'Behalf', uri: `${ours.origin}/inline-hook`, auth: { secret: 'ours' } },
    ],
    authorizationServers: [
      {
        id: 'default',
        scopes: ['orders:read'],
        policies: ['calTheirs', 'calOurs'].map((inlineHook) => ({
          name: inlineHook,
          rules: [{ name: 'Machines', grantTypes: ['client_credentials'], inlineHook }],
        })),
      },
    ],
  })
  const args = ['--issuer', `${sandbox.url}/oauth2/default`, '--hook', `${ours.origin}/inline-hook`]
  const { find } = await diagnose([...args, '--scope', 'orders:read'], {
    OKTA_ORG_URL: sandbox.url,
    OKTA_API_TOKEN: defaultApiToken,
    ...env,
  })
  expect(find('rule for the client')).toMatchObject({
    status: 'failure',
    detail:
      "'calTheirs / Machines' is the first rule that fits the requests of CLIENT_ID, and it calls another hook, 'Tenant claims'",
    remedy: expect.stringContaining('leaves the other hook where it is'),
  })
})
