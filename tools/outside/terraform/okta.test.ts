import { createSandbox, defaultApiToken, type JsonObject, type Sandbox } from '@behalf/sandbox'
import { describe, expect, it } from 'vitest'
import { provision } from '../../../packages/cli/test/provisioned-org.ts'
import { evaluateModule, parseTerraform, readModule } from './module.ts'
import { requestOf } from './provider-requests.ts'
import { recordedMembers } from './recorded-members.ts'

const hookUrl = 'https://hook.example.com/inline-hook'
const secret = 'a-secret-of-the-hook-0123456789'
const variables = { hook_url: hookUrl, hook_secret: secret, scopes: ['orders:read', 'orders:write'] }

/** Nothing is asked of an org. */
const nowhere = { url: 'https://org.invalid' }

/** What may differ: the mark, and what Okta says of each thing by itself. */
const own = ['id', 'created', 'lastUpdated', '_links', 'description', 'createdBy', 'orn', 'clientIds']

async function ask(
  { url }: Pick<Sandbox, 'url'>,
  method: string,
  path: string,
  body?: JsonObject,
): Promise<{ readonly status: number; readonly document: JsonObject }> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `SSWS ${defaultApiToken}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, document: Object(await response.json()) }
}

/** Makes what the module says in an org, with the requests that the provider sends, and reads all of it again. */
async function applyModule(sandbox: Sandbox): Promise<ReadonlyMap<string, JsonObject>> {
  const resources = evaluateModule(await readModule('okta'), variables)
  const made = new Map<string, JsonObject>()
  const resolve = (text: string): string =>
    text.replaceAll(/\$\{(okta_\w+\.\w+)\.(id|client_id)\}/g, (reference, resource: string) => {
      const id = made.get(resource)?.['id']
      return typeof id === 'string' ? id : reference
    })
  const left = resources.map(requestOf)
  // Whatever refers to nothing that is missing is made, as Terraform does.
  while (left.length > 0) {
    const index = left.findIndex((each) => !/\$\{okta_/.test(resolve(JSON.stringify(each))))
    const [next] = left.splice(index, index < 0 ? 0 : 1)
    if (next === undefined) throw new Error('resources refer to each other in a circle')
    const path = resolve(next.path)
    const { status, document } = await ask(
      sandbox,
      'POST',
      path,
      JSON.parse(resolve(JSON.stringify(next.body))),
    )
    expect([next.resource, status < 300]).toEqual([next.resource, true])
    const read = await ask(sandbox, 'GET', `${path.split('?', 1)[0]}/${String(document['id'])}`)
    expect([next.resource, read.status]).toEqual([next.resource, 200])
    made.set(next.resource, read.document)
  }
  return made
}

describe('behalf provision --print terraform', () => {
  const args = [
    '--hook',
    hookUrl,
    '--server',
    'delegation',
    '--app',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is Terraform's
    'API ${A}',
    '--own-rule',
    '--print',
    'terraform',
  ]
  const scopes = variables.scopes.flatMap((scope) => ['--scope', scope])

  it('prints a call of the module, with its variables and without the secret', async () => {
    const { code, stdout } = await provision(nowhere, [...args, ...scopes], { HOOK_SECRET: secret })
    expect([code, stdout.includes(secret)]).toEqual([0, false])
    const { module, variable } = await parseTerraform(stdout)
    const [{ source, ...given }] = Object(module).behalf
    expect(source).toBe('./behalf/deploy/terraform/okta')
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is Terraform's
    expect(variable).toEqual({ hook_secret: [{ type: '${string}', sensitive: true }] })
    const { variables: known } = await readModule('okta')
    expect(Object.keys(known)).toEqual(expect.arrayContaining(Object.keys(given)))
    expect(given).toMatchObject({
      installation: 'Behalf',
      hook_url: hookUrl,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is Terraform's
      hook_secret: '${var.hook_secret}',
      server_name: 'delegation',
      placeholder: 'https://undelegated.invalid',
      scopes: variables.scopes,
      app_label: 'API $${A}',
      lifetime_minutes: 5,
    })
  })

  it('refuses what the module does not make', async () => {
    const refused = async (...more: readonly string[]): Promise<string> => {
      const { code, stderr } = await provision(nowhere, [...args, ...scopes, ...more], {})
      expect(code).toBe(2)
      return stderr
    }
    expect(await refused('--app-auth', 'client_secret_post')).toMatch(
      /client_secret_basic or private_key_jwt/,
    )
    expect(await refused('--policy', 'Mine')).toMatch(/leave --policy out/)
  })
})

describe('the module for okta', () => {
  it('makes by what its provider sends the very members that behalf provision writes', async () => {
    await using byTerraform = await createSandbox()
    await using byProvision = await createSandbox()
    const made = await applyModule(byTerraform)
    const args = ['--hook', hookUrl, '--server', 'behalf', '--app', 'API A', '--own-rule', '--yes']
    const scopes = variables.scopes.flatMap((scope) => ['--scope', scope])
    const env = { OKTA_API_TOKEN: defaultApiToken, HOOK_SECRET: secret }
    await removeScopes(byProvision)
    const { code, stderr } = await provision(byProvision, [...args, ...scopes], env)
    expect([code, stderr]).toEqual([0, ''])
    const written = await documentsOf(byProvision)
    expect([...made.keys()].filter((name) => !name.startsWith('okta_auth_server.')).toSorted()).toEqual(
      [...written.keys()].toSorted(),
    )
    for (const [name, document] of written)
      expect([name, contentOf(made.get(name) ?? {}, document)]).toEqual([name, contentOf(document, document)])
  })

  it('is sent as the provider was recorded to send it', async () => {
    const resources = evaluateModule(await readModule('okta'), variables)
    for (const resource of resources) {
      const sent = membersOf(requestOf(resource).body)
      const known = recordedMembers[resource.type] ?? []
      expect([resource.type, sent.filter((member) => !known.includes(member))]).toEqual([resource.type, []])
    }
  })

  it('is answered where its provider asks for more', async () => {
    await using sandbox = await createSandbox()
    const made = await applyModule(sandbox)
    const app = String(made.get('okta_app_oauth.api_a')?.['id'])
    const internal = `/api/v1/internal/apps/${app}/settings/oauth/idToken`
    expect((await ask(sandbox, 'POST', internal, { issuerMode: 'ORG_URL' })).document).toEqual({
      issuer: null,
      orgUrl: null,
      customUrl: null,
      audience: null,
      issuerMode: 'ORG_URL',
    })
    expect((await ask(sandbox, 'GET', internal)).document).toMatchObject({
      audience: app,
      issuer: sandbox.url,
    })
    const organization = await ask(sandbox, 'GET', '/.well-known/okta-organization')
    expect(organization.document).toMatchObject({ pipeline: 'idx' })
  })

  it('lets Okta sign instead of sending a secret, and the app sign, too', async () => {
    const oauth = {
      client_id: '0oaHook',
      token_url: 'https://a.example/token',
      scope: 'hook',
      hook_key_id: 'HKY1',
    }
    const jwk = { kty: 'EC', kid: 'a', x: 'x', y: 'y' }
    const given = { ...variables, hook_secret: null, hook_oauth: oauth, app_public_jwk: jwk }
    const resources = evaluateModule(await readModule('okta'), given)
    const bodies = new Map(resources.map(requestOf).map(({ resource, body }) => [resource, body]))
    expect(JSON.stringify([...bodies.values()])).not.toContain(secret)
    expect(bodies.get('okta_inline_hook.behalf')).toMatchObject({
      channel: {
        type: 'OAUTH',
        config: { authType: 'private_key_jwt', clientId: '0oaHook', hookKeyId: 'HKY1' },
      },
    })
    expect(bodies.get('okta_app_oauth.api_a')).toMatchObject({
      credentials: { oauthClient: { token_endpoint_auth_method: 'private_key_jwt' } },
      settings: { oauthClient: { jwks: { keys: [expect.objectContaining(jwk)] } } },
    })
  })
})

/** The members of a document that are no objects, by their paths. */
function membersOf(document: JsonObject, path = ''): string[] {
  return Object.entries(document).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? membersOf(value, `${path}${name}.`)
      : [`${path}${name}`],
  )
}

/** The sandbox's own server has the scopes already, and provisioning leaves them as they are. */
async function removeScopes({ url }: Sandbox): Promise<void> {
  const path = `${url}/api/v1/authorizationServers/behalf/scopes`
  for (const scope of variables.scopes)
    await fetch(`${path}/${encodeURIComponent(scope)}`, {
      method: 'DELETE',
      headers: { authorization: `SSWS ${defaultApiToken}` },
    })
}

/** What provisioning has made, by the names that the module has for it. */
async function documentsOf(sandbox: Sandbox): Promise<ReadonlyMap<string, JsonObject>> {
  const list = async (path: string): Promise<readonly JsonObject[]> =>
    Object.values((await ask(sandbox, 'GET', path)).document).map((each) => Object(each))
  const server = '/api/v1/authorizationServers/behalf'
  const isMade = (document: JsonObject): boolean =>
    JSON.stringify(document).includes('Made by behalf provision')
  const found = async (path: string): Promise<readonly JsonObject[]> => (await list(path)).filter(isMade)
  const [policy = {}] = await found(`${server}/policies`)
  const [rule = {}] = await list(`${server}/policies/${String(policy['id'])}/rules`)
  const [hook = {}] = await found('/api/v1/inlineHooks')
  const [app = {}] = await found('/api/v1/apps')
  return new Map([
    ...(await found(`${server}/scopes`)).map(
      (scope) => [`okta_auth_server_scope.delegated["${String(scope['name'])}"]`, scope] as const,
    ),
    ['okta_app_oauth.api_a', app],
    ['okta_inline_hook.behalf', hook],
    ['okta_auth_server_policy.api_a', policy],
    ['okta_auth_server_policy_rule.token_exchange', rule],
  ])
}

/**
 * The members that a document and another have in common, without what is each thing's own, and without lists of nothing,
 * which the provider leaves out; ids are all one id.
 */
function contentOf(value: unknown, like: unknown): unknown {
  if (Array.isArray(value)) {
    const other = Array.isArray(like) ? like : []
    return value.map((entry, index) => contentOf(entry, other[index]))
  }
  if (typeof value === 'string')
    return value
      .replaceAll(/\b(0oa|cal|00p|0pr)[A-Za-z0-9]{17}\b/g, '$1…')
      .replace(/^Made by (Terraform|behalf provision) for /, 'Made by … for ')
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !own.includes(name) && Object.hasOwn(Object(like), name))
      .filter(([, member]) => !Array.isArray(member) || member.length > 0)
      .map(([name, member]) => [name, contentOf(member, Object(like)[name])]),
  )
}
