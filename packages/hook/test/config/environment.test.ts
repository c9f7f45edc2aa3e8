import { ConfigError, type ConfigFault, configFromEnvironment, createHook } from '@behalf/hook'
import { describe, expect, it } from 'vitest'
import { awsSecrets } from '../../src/runtimes/lambda/aws-secrets.ts'

const good = {
  ISSUER: 'https://example.okta.com/oauth2/default',
  AUDIENCE: 'api://a',
  HOOK_SECRET: 'hook-secret-0123456789',
}

function faultsOf(environment: Readonly<Record<string, string | undefined>>): readonly ConfigFault[] {
  try {
    configFromEnvironment(environment)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
}

it('an ARN is a secret to be fetched on Lambda, and refused where nobody fetches it', () => {
  const config = configFromEnvironment({
    ...good,
    HOOK_SECRET: 'arn:aws:ssm:eu-central-1:123456789012:parameter/hook',
  })
  expect(() => createHook(config)).toThrow('authenticate.secrets[0]: is an ARN')
  expect(createHook(awsSecrets(config)).status()).toHaveLength(1)
})

describe('three variables', () => {
  it('make a configuration', () => {
    const config = configFromEnvironment(good)
    expect(config).toEqual({
      authenticate: { header: undefined, secrets: ['hook-secret-0123456789'] },
      issuers: [{ issuer: good.ISSUER, audiences: ['api://a'] }],
      clients: 'any',
    })
    expect(createHook(config).status()).toEqual([{ issuer: good.ISSUER, ready: false }])
  })

  it('are all asked for at once', () => {
    expect(faultsOf({})).toEqual([
      { path: 'ISSUER', problem: 'is not set' },
      { path: 'AUDIENCE', problem: 'is not set' },
      { path: 'HOOK_SECRET', problem: 'is not set' },
    ])
    expect(faultsOf({ ...good, AUDIENCE: '  ' })).toEqual([{ path: 'AUDIENCE', problem: 'is not set' }])
  })
})

it('takes a former secret, another header and a list of clients', () => {
  const config = configFromEnvironment({
    ...good,
    HOOK_SECRET_PREVIOUS: 'former-secret-0123456789',
    HOOK_AUTH_HEADER: 'X-Hook-Secret',
    CLIENT_IDS: '0oaApiA,0oaApiB ',
  })
  expect(config.authenticate).toEqual({
    header: 'X-Hook-Secret',
    secrets: ['hook-secret-0123456789', 'former-secret-0123456789'],
  })
  expect(config.clients).toEqual({ '0oaApiA': {}, '0oaApiB': {} })
})

it.each([
  ['client_ids', 'CLIENT_IDS'],
  ['Client_Ids', 'CLIENT_IDS'],
  ['CLIENTIDS', 'CLIENT_IDS'],
  ['CLIENT-IDS', 'CLIENT_IDS'],
  ['ALLOWED_CLIENT_IDS', 'CLIENT_IDS'],
  ['POLICY_FILE', 'POLICY_FILES'],
  ['POLICYFILES', 'POLICY_FILES'],
  ['POLICIES', 'POLICY_FILES'],
  ['POLICY_DIR', 'POLICY_FILES'],
  ['HOOK_SECRETS_PREVIOUS', 'HOOK_SECRET_PREVIOUS'],
])('refuses %s, which nobody reads, and says that %s is', (slip, meant) => {
  expect(faultsOf({ ...good, [slip]: 'x' })).toEqual([
    { path: slip, problem: `is not read; did you mean ${meant}?` },
  ])
})

it.each([
  ['AUDIENCE', 'api://a,api://b'],
  ['RESOURCE', 'https://orders.example https://stock.example'],
])('refuses several names in %s, which takes one', (path, value) => {
  expect(faultsOf({ ...good, [path]: value })).toEqual([
    { path, problem: 'names several, and takes one; name others in a file' },
  ])
})

it.each([
  ['CLIENT_IDS', '["a","b"]'],
  ['CLIENT_IDS', 'a;b'],
  ['CLIENT_IDS', 'a b'],
  ['CLAIMS', 'email groups'],
])('refuses %s as %s, which would be the name of nobody', (path, value) => {
  expect(faultsOf({ ...good, [path]: value })).toEqual([
    { path, problem: 'is a list in another spelling; separate members by commas' },
  ])
})

it('refuses values that came with their quotes', () => {
  const quoted = { AUDIENCE: '"api://a"', RESOURCE: '`api://b`', CLIENT_IDS: "'0oaApiA'" }
  expect(faultsOf({ ...good, ...quoted })).toEqual(
    Object.keys(quoted).map((path) => ({ path, problem: 'is in quotes; write what stands between them' })),
  )
})

it('refuses a CLIENT_ID that would restrict nothing, and passes over one beside CLIENT_IDS', () => {
  expect(faultsOf({ ...good, CLIENT_ID: '0oaApiA' })).toEqual([
    { path: 'CLIENT_ID', problem: 'is not read; did you mean CLIENT_IDS?' },
  ])
  expect(faultsOf({ ...good, CLIENT_ID: '0oaApiA', CLIENT_IDS: '0oaApiA' })).toEqual([])
})

it.each([
  ['CLIENTS', 'CLIENT_IDS'],
  ['RESOURCES', 'RESOURCE'],
  ['CLAIM', 'CLAIMS'],
])('refuses %s, which nobody reads, and passes over it beside %s', (slip, meant) => {
  expect(faultsOf({ ...good, [slip]: 'x' })).toEqual([
    { path: slip, problem: `is not read; did you mean ${meant}?` },
  ])
  expect(faultsOf({ ...good, [slip]: 'x', [meant]: 'x' })).toEqual([])
})

it('refuses policies that nobody here would read', () => {
  const faults = faultsOf({ ...good, POLICY_FILES: 'policies' })
  expect(faults).toEqual([
    { path: 'POLICY_FILES', problem: 'is read by the behalf command only; name policies in a file' },
  ])
})

it('names the variable of every fault, all at once', () => {
  const faults = faultsOf({
    ISSUER: 'ftp://marked',
    HOOK_SECRET: 'a,,marked\u0001',
    HOOK_AUTH_HEADER: 'a marked',
    CLIENT_IDS: '0oaApiA,',
  })
  expect(faults.map(({ path }) => path).toSorted()).toEqual([
    'AUDIENCE',
    'CLIENT_IDS',
    'HOOK_AUTH_HEADER',
    'HOOK_SECRET',
    'ISSUER',
  ])
  expect(JSON.stringify(faults)).not.toContain('marked')
})

it.each([
  ['ISSUER', 'example.okta.com'],
  ['ISSUER', 'http://example.okta.com/oauth2/default'],
  ['HOOK_SECRET', 's3cr\u00e9t'],
  ['HOOK_SECRET', ','],
  ['HOOK_AUTH_HEADER', ''],
  ['CLIENT_IDS', ''],
  ['CLIENT_IDS', 'constructor'],
])('%s cannot be %j', (name, value) => {
  expect(faultsOf({ ...good, [name]: value }).map(({ path }) => path)).toEqual([name])
})

it('permits plain http for the hosts of INSECURE_HOSTS', () => {
  const insecure = { ...good, ISSUER: 'http://okta.default.svc.cluster.local/oauth2/default' }
  expect(faultsOf(insecure)).toEqual([
    { path: 'ISSUER', problem: expect.stringContaining('name the host in insecureHosts (INSECURE_HOSTS)') },
  ])
  const INSECURE_HOSTS = 'keys.internal, okta.default.svc.cluster.local'
  expect(configFromEnvironment({ ...insecure, INSECURE_HOSTS }).insecureHosts).toEqual(
    INSECURE_HOSTS.split(', '),
  )
  for (const unusable of ['', 'a,', 'http://a', 'a:80', '*'])
    expect(faultsOf({ ...good, INSECURE_HOSTS: unusable }).map(({ path }) => path)).toEqual([
      'INSECURE_HOSTS',
    ])
})

describe('a resource', () => {
  const base = {
    ISSUER: 'https://example.okta.com/oauth2/users',
    AUDIENCE: 'api://a',
    HOOK_SECRET: 'hook-secret-0123456789',
  }
  const faultsOf = (environment: Readonly<Record<string, string>>): readonly string[] => {
    try {
      configFromEnvironment({ ...base, ...environment })
      return []
    } catch (error) {
      if (error instanceof ConfigError) return error.faults.map(({ path }) => path)
      throw error
    }
  }

  it('is one API, with who verifies there and which claims it sees', () => {
    const config = configFromEnvironment({
      ...base,
      RESOURCE: 'https://orders.example',
      RESOURCE_VERIFIER: 'behalf',
      PLACEHOLDER: 'urn:nobody',
      CLAIMS: 'email, department',
      ISSUER_DIALECT: 'okta',
    })
    expect(config).toMatchObject({
      issuers: [{ dialect: 'okta' }],
      resources: { 'https://orders.example': { verifier: 'behalf' } },
      placeholder: 'urn:nobody',
      claims: { include: ['email', 'department'] },
    })
  })

  it.each<[string, Readonly<Record<string, string>>, string[]]>([
    ['an unknown verifier', { RESOURCE: 'a', RESOURCE_VERIFIER: 'mine' }, ['RESOURCE_VERIFIER']],
    ['a verifier of nothing', { RESOURCE_VERIFIER: 'behalf' }, ['RESOURCE_VERIFIER']],
    ['a placeholder of nothing', { PLACEHOLDER: 'a' }, ['PLACEHOLDER']],
    ['a placeholder that is trusted', { RESOURCE: 'b', PLACEHOLDER: 'api://a' }, ['PLACEHOLDER']],
    ['an empty resource', { RESOURCE: '' }, ['RESOURCE']],
    ['an unknown dialect', { ISSUER_DIALECT: 'azure' }, ['ISSUER_DIALECT']],
    ['an issuer without a dialect', { ISSUER: 'https://idp.example' }, ['ISSUER_DIALECT']],
    ['an empty member of the claims', { CLAIMS: 'email,' }, ['CLAIMS']],
  ])('is refused: %s', (_, environment, paths) => {
    expect(faultsOf(environment)).toEqual(paths)
  })
})
