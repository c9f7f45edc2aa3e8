import { type BehalfConfig, createHook } from '@behalf/hook'
import { startNodeServer } from '@behalf/hook/node'
import { createSandbox, defaultApiToken, defaultOrg, type Sandbox } from '@behalf/sandbox'
import { listen, oneServer } from '@behalf/testing'
import { createVerifier } from '@behalf/verify'
import { describe, expect, it } from 'vitest'
import type { Finding } from '../src/diagnosis/finding.ts'
import { main } from '../src/index.ts'
import './okta-sdk-loaded.ts'
import { recordedTerminal } from './recorded-terminal.ts'

const oktasClient = '0oaOktaAsHookClient'
const clientSecret = 'okta-as-hook-client-secret'

/** Runs a command and reads its JSON. */
async function behalf(env: Readonly<Record<string, string>>, ...args: string[]) {
  const terminal = recordedTerminal({ env })
  const code = await main([...args, '--json'], terminal)
  expect(terminal.stderr).toEqual([])
  const printed = terminal.stdout.join('\n')
  for (const secret of [defaultApiToken, clientSecret, 'hook-secret-0123456789'])
    expect(printed).not.toContain(secret)
  return { code, told: JSON.parse(printed) }
}

/** What the hook asks of Okta, and the options that make Okta give it. */
function authentication(
  sandbox: Sandbox,
  kind: string,
): { config: BehalfConfig['authenticate']; options: string[] } {
  if (kind === 'header') {
    return {
      config: { header: 'X-Hook-Secret', secrets: ['hook-secret-0123456789'] },
      options: ['--hook-auth-header', 'X-Hook-Secret'],
    }
  }
  const issuer = `${sandbox.url}/oauth2/hooks`
  return {
    config: { bearer: { issuer, audience: 'api://hooks', clientIds: [oktasClient], scope: 'hook:call' } },
    options: [
      '--hook-auth',
      kind,
      '--hook-client',
      oktasClient,
      '--hook-token-url',
      `${issuer}/v1/token`,
      '--hook-scope',
      'hook:call',
    ],
  }
}

/** Registers the key that Okta made at the authorization server of the hook, as its owner would. */
async function registerHookKey(sandbox: Sandbox, publicKey: unknown): Promise<void> {
  const body = {
    name: 'oidc_client',
    label: 'Okta',
    signOnMode: 'OPENID_CONNECT',
    credentials: { oauthClient: { token_endpoint_auth_method: 'private_key_jwt' } },
    settings: {
      oauthClient: {
        application_type: 'service',
        grant_types: ['client_credentials'],
        jwks: { keys: [publicKey] },
      },
    },
  }
  const answer = await fetch(`${sandbox.url}/api/v1/apps/${oktasClient}`, {
    method: 'PUT',
    headers: { authorization: `SSWS ${defaultApiToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  expect(answer.status).toBe(200)
}

const statuses = (findings: readonly Finding[]): Record<string, string> =>
  Object.fromEntries(findings.map(({ check, status }) => [check, status]))

describe('provision, doctor, exchange, provision --destroy', () => {
  it.each(['header', 'client_secret_post', 'private_key_jwt'])(
    'twice, with the hook authentication %s',
    async (kind) => {
      await using sandbox = await createSandbox({
        ...oneServer,
        apps: [
          ...defaultOrg.apps,
          { clientId: oktasClient, type: 'service', auth: { method: 'client_secret_post', clientSecret } },
        ],
        authorizationServers: [
          {
            id: 'default',
            scopes: ['orders:read'],
            policies: [
              {
                name: 'P',
                rules: [
                  { name: 'People', grantTypes: ['authorization_code'] },
                  {
                    name: 'Machines',
                    grantTypes: ['client_credentials'],
                    scopes: ['orders:read', 'invoices:read'],
                  },
                ],
              },
            ],
          },
          { id: 'hooks', scopes: ['hook:call'] },
        ],
      })
      const issuer = `${sandbox.url}/oauth2/default`
      const { config, options } = authentication(sandbox, kind)
      const hook = createHook({
        authenticate: config,
        issuers: [{ issuer, audiences: ['api://default'] }],
        clients: 'any',
      })
      const server = await startNodeServer(hook, { drainDelayMs: 0 })
      const verifier = createVerifier({ issuer, audience: 'api://default' })
      await using apiB = await listen(async (request, response) => {
        const { authorization = '' } = request.headers
        const granted = await verifier.authorize({ method: 'GET', url: '/', header: () => [authorization] })
        response.writeHead(granted.ok ? 200 : granted.refusal.status).end()
      })
      const url = `${server.origin}/inline-hook`
      const env = {
        OKTA_ORG_URL: sandbox.url,
        OKTA_API_TOKEN: defaultApiToken,
        HOOK_CLIENT_SECRET: clientSecret,
        ...(kind === 'header' ? { HOOK_SECRET: 'hook-secret-0123456789' } : {}),
      }
      const wanted = ['--hook', url, ...options, '--scope', 'invoices:read', '--app', 'Invoices']
      try {
        for (let round = 0; round < 2; round++) {
          const provisioned = await behalf(env, 'provision', ...wanted, '--yes')
          expect(provisioned).toMatchObject({ code: 0, told: { outcome: 'applied' } })
          expect(await behalf(env, 'provision', ...wanted)).toMatchObject({
            code: 0,
            told: { outcome: 'as wanted' },
          })
          const { clientId, clientSecret: secret, hookPublicKey } = provisioned.told.made
          if (kind === 'private_key_jwt') await registerHookKey(sandbox, hookPublicKey)
          const client = { CLIENT_ID: clientId, CLIENT_SECRET: secret }
          const exchangeOptions = [
            '--issuer',
            issuer,
            '--scope',
            'invoices:read',
            '--sign-in',
            'alice@example.com',
          ]

          const header = kind === 'header' ? ['--hook-auth-header', 'X-Hook-Secret'] : []
          const looked = await behalf(
            { ...env, ...client },
            'doctor',
            ...exchangeOptions,
            '--hook',
            url,
            ...header,
            '--api-b',
            apiB.origin,
            '--samples',
            '3',
          )
          expect(statuses(looked.told.findings)).toEqual({
            'issuer metadata': 'ok',
            'issuer keys': 'ok',
            clock: 'ok',
            'hook TLS': 'warning',
            'hook reachable': 'ok',
            'hook without secret': 'ok',
            'hook with a wrong secret': 'ok',
            'hook with the secret': kind === 'header' ? 'ok' : 'skipped',
            'keys to seal for': 'warning',
            'hook and bare tokens': kind === 'header' ? 'warning' : 'skipped',
            'hook latency': 'ok',
            'hook registered': 'ok',
            'hook called by Okta': 'ok',
            ...(kind === 'header' ? {} : { 'token for the hook': 'ok' }),
            ...(kind === 'private_key_jwt' ? { 'hook key': 'ok' } : {}),
            rule: 'ok',
            'rule lifetime': 'warning',
            'rule scopes': 'ok',
            'server audience': 'warning',
            exchange: 'ok',
            'token without a user': 'ok',
            'API B and plain tokens': 'skipped',
            'System Log': 'ok',
            'denials in the log': 'ok',
          })
          expect(looked.code).toBe(0)

          const exchanged = await behalf(client, 'exchange', ...exchangeOptions)
          expect(exchanged).toMatchObject({
            code: 0,
            told: {
              decision: 'permit',
              apiB: 'accepts',
              token: { sub: 'alice@example.com', act: { sub: clientId } },
            },
          })

          const undone = await behalf(env, 'provision', '--destroy', '--app', 'Invoices', '--yes')
          expect(undone).toMatchObject({ code: 0, told: { outcome: 'applied' } })
          expect(await behalf(env, 'provision', '--destroy', '--app', 'Invoices')).toMatchObject({
            code: 0,
            told: { outcome: 'as wanted' },
          })
          const gone = await behalf(env, 'doctor', '--issuer', issuer, '--hook', url, '--samples', '1')
          expect(statuses(gone.told.findings)).toMatchObject({ 'hook registered': 'failure' })
          expect(gone.code).toBe(1)
        }
      } finally {
        await server.stop()
      }
    },
    60_000,
  )
})
