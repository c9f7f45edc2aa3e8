import {
  type BehalfConfig,
  ConfigError,
  type ConfigFault,
  createHook,
  dangerouslyAcceptAnyCaller,
  defineConfig,
} from '@behalf/hook'
import { describe, expect, it } from 'vitest'

const good: BehalfConfig = {
  authenticate: { secrets: ['hook-secret-0123456789'] },
  issuers: [{ issuer: 'https://example.okta.com/oauth2/default', audiences: ['api://a'] }],
  clients: { '0oaApiA': {} },
}

/** The faults of anything that a file may export in place of a configuration. */
function faultsOf(config: unknown): readonly ConfigFault[] {
  try {
    Reflect.apply(createHook, undefined, [config])
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
}

const pathsOf = (config: unknown): readonly string[] => faultsOf(config).map(({ path }) => path)

describe('a good configuration', () => {
  it.each<readonly [string, Partial<BehalfConfig>]>([
    ['is small', {}],
    ['may be the result of defineConfig', defineConfig(good)],
    ['may be on loopback', { issuers: [{ issuer: 'http://127.0.0.1:8080/oauth2/x', audiences: ['a'] }] }],
    ['may authenticate nobody when it says so with the symbol', { authenticate: dangerouslyAcceptAnyCaller }],
    ['may leave clients to Okta', { clients: 'any' }],
    ['may have members that are undefined', { policy: undefined, claims: undefined, limits: undefined }],
    [
      'may set everything',
      {
        authenticate: { header: 'X-Key', secrets: ['former-secret-0123456789', 'hook-secret-0123456789'] },
        issuers: [
          {
            issuer: 'https://a.example',
            dialect: 'keycloak',
            org: 'example',
            subject: { prefix: 'a|' },
            tokens: 'user',
            audiences: ['api://a', 'api://b'],
            jwksUri: 'https://keys.example/jwks',
            algorithms: ['RS256', 'ES256'],
            clockToleranceSeconds: 0,
          },
        ],
        clients: {
          '0oaApiA': {
            audiences: ['api://a'],
            issuers: ['https://a.example'],
            scopes: [],
            resources: ['https://b.example'],
            reentry: true,
            actorProfile: 'ai_agent',
          },
        },
        resources: {
          'https://b.example': {
            scopes: { read: { needs: { 'https://a.example': ['b'] } } },
            verifier: 'behalf',
          },
        },
        placeholder: 'https://nobody.invalid',
        boundAssertions: 'allow',
        policy: () => ({ decision: 'permit' }),
        claims: { include: ['email'], exclude: ['email'], maxBytes: 256 },
        missingAssertion: 'unchanged',
        otherEvents: 'unchanged',
        limits: {
          deadlineMs: 2_800,
          policyTimeoutMs: 10,
          maxActorDepth: 16,
          maxAssertionBytes: 131_072,
          maxBodyBytes: 524_288,
          maxConcurrentRequests: 1,
        },
        keys: { maxAgeMs: 1_000, staleForMs: 0 },
      },
    ],
  ])('%s', (_name, changes) => {
    expect(faultsOf({ ...good, ...changes })).toEqual([])
  })
})

describe('plain http to another machine', () => {
  const host = 'keys.default.svc.cluster.local'
  const insecure = {
    ...good,
    authenticate: {
      bearer: { issuer: `http://${host}/oauth2/o`, audience: 'api://hook', clientIds: ['0oaOkta'] },
    },
    issuers: [
      { issuer: `http://${host}/oauth2/a`, org: 'one', audiences: ['api://a'] },
      {
        issuer: 'https://b.example/oauth2/b',
        org: 'one',
        audiences: ['api://a'],
        jwksUri: `http://${host}:8080/b`,
      },
    ],
  }

  it('is refused for every URL that is called, with a word on the switch', () => {
    const problem =
      'is plain http to another machine; use https, or name the host in insecureHosts (INSECURE_HOSTS)'
    expect(faultsOf(insecure)).toEqual([
      { path: 'issuers[0].issuer', problem },
      { path: 'issuers[1].jwksUri', problem },
      { path: 'authenticate.bearer.issuer', problem },
    ])
    expect(faultsOf({ ...insecure, insecureHosts: ['default.svc.cluster.local'] })).toHaveLength(3)
  })

  it('is taken for the very hosts that are named', () => {
    expect(faultsOf({ ...insecure, insecureHosts: [host] })).toEqual([])
  })

  it.each([[host], [[`http://${host}`]], [[`${host}:8080`]], [['*']], [['']], [[7]], [null]])(
    'is permitted for names of hosts only: %j',
    (insecureHosts) => {
      const [fault] = faultsOf({ ...good, insecureHosts })
      expect(fault?.path).toMatch(/^insecureHosts(\[0\])?$/)
    },
  )

  it('goes to the host that is named', async () => {
    const issuer = `http://${host}/oauth2/a`
    const asked: string[] = []
    const fetch = async (url: string) => {
      asked.push(url)
      return Response.json({ issuer, jwks_uri: 'http://elsewhere.example/keys' })
    }
    const config = { ...good, issuers: [{ issuer, audiences: ['api://a'] }], insecureHosts: [host] }
    const [status] = await createHook(config, { fetch }).load()
    expect(asked).toEqual([`${issuer}/.well-known/openid-configuration`])
    expect(status?.fault).toMatch(/plain http to another machine; .*insecureHosts/)
  })
})

describe('every fault', () => {
  it('is reported at once, with its path', () => {
    const faults = faultsOf({
      authenticate: { header: 'a b', secrets: [undefined, '', ' a', '\u00fc'], scheme: 'x' },
      issuers: [
        {
          issuer: 'http://example.com',
          audiences: [],
          algorithms: ['HS256', 'none'],
          clockToleranceSeconds: -1,
          jwksUri: 'ftp://x',
          alg: 'RS256',
        },
      ],
      clients: { '0oaApiA': { scopes: ['a b'], audience: 'x' }, ' x': {} },
      policy: 'permit',
      claims: { include: 'some', maxBytes: 1.5 },
      missingAssertion: 'allow',
      otherEvents: true,
      limits: { deadlineMs: 3_000, maxActorDepth: 0, timeout: 1 },
      keys: { maxAgeMs: Number.NaN },
      extra: 1,
    })
    expect(faults.map(({ path }) => path)).toEqual([
      'authenticate.header',
      'authenticate.secrets[0]',
      'authenticate.secrets[1]',
      'authenticate.secrets[2]',
      'authenticate.secrets[3]',
      'authenticate.scheme',
      'issuers[0].audiences',
      'issuers[0].jwksUri',
      'issuers[0].algorithms[0]',
      'issuers[0].algorithms[1]',
      'issuers[0].clockToleranceSeconds',
      'issuers[0].alg',
      'issuers[0].dialect',
      'clients.0oaApiA.scopes[0]',
      'clients.0oaApiA.audience',
      'clients[" x"]',
      'policy',
      'claims.include',
      'claims.maxBytes',
      'missingAssertion',
      'otherEvents',
      'limits.deadlineMs',
      'limits.maxActorDepth',
      'limits.timeout',
      'keys.maxAgeMs',
      'extra',
      'issuers[0].issuer',
    ])
    for (const { problem } of faults) expect(problem).toMatch(/^(must|is|keeps) /)
  })

  it.each([
    ['nothing', undefined, [['the configuration', 'is missing']]],
    ['null', null, [['the configuration', 'must be an object']]],
    ['text', 'x', [['the configuration', 'must be an object']]],
    [
      'an empty object',
      {},
      [
        ['authenticate', 'is missing'],
        ['issuers', 'is missing'],
        ['clients', 'is missing'],
      ],
    ],
  ])('of %s is what is missing', (_name, config, expected) => {
    const found = faultsOf(config).map(({ path, problem }) => [path, problem.replace(/, .*$/, '')])
    expect(found.map(([path]) => path)).toEqual(expected.map(([path]) => path))
    expect(found[0]).toEqual(expected[0])
  })

  it.each<readonly [string, unknown]>([
    ['authenticate', { ...good, authenticate: undefined }],
    ['authenticate', { ...good, authenticate: 'none' }],
    ['authenticate', { ...good, authenticate: Symbol('dangerouslyAcceptAnyCaller') }],
    ['authenticate.secrets', { ...good, authenticate: {} }],
    ['authenticate.secrets', { ...good, authenticate: { secrets: [] } }],
    ['authenticate.secrets', { ...good, authenticate: { secrets: 'hook-secret-0123456789' } }],
    ['authenticate.bearer', { ...good, authenticate: { bearer: null } }],
    ['issuers', { ...good, issuers: [] }],
    ['issuers[0].issuer', { ...good, issuers: [{ issuer: 'https://a.example?x', audiences: ['a'] }] }],
    ['issuers[0].issuer', { ...good, issuers: [{ issuer: 'https://u:p@a.example', audiences: ['a'] }] }],
    ['issuers[0].issuer', { ...good, issuers: [{ issuer: 'https://a.example#', audiences: ['a'] }] }],
    [
      'issuers[0].issuer',
      { ...good, issuers: [{ issuer: 'http://127.0.0.1.evil.example/oauth2/a', audiences: ['a'] }] },
    ],
    [
      'issuers[0].algorithms',
      { ...good, issuers: [{ issuer: 'https://a.example/oauth2/a', audiences: ['a'], algorithms: [] }] },
    ],
    [
      'issuers[0].audiences[0]',
      { ...good, issuers: [{ issuer: 'https://a.example/oauth2/a', audiences: [''] }] },
    ],
    ['clients', { ...good, clients: [] }],
    ['clients', { ...good, clients: 'all' }],
    ['clients', { ...good, clients: { constructor: {} } }],
    ['clients', { ...good, clients: JSON.parse('{"__proto__":{}}') }],
    ['clients', { ...good, clients: null }],
  ])('is one alone: %s', (path, config) => {
    expect(pathsOf(config)).toEqual([path])
  })

  it('of how parts fit each other is reported, too, whatever else is wrong', () => {
    const issuer = { issuer: 'https://a.example/oauth2/a', audiences: ['api://a'] }
    const misfits = {
      ...good,
      issuers: [issuer, issuer],
      clients: { '0oaApiA': { issuers: ['https://b.example'], audiences: ['api://a', 'api://b'] } },
    }
    const expected = ['issuers[1].issuer', 'clients.0oaApiA.issuers[0]', 'clients.0oaApiA.audiences[1]']
    expect(pathsOf(misfits)).toEqual(expected)
    expect(pathsOf({ ...misfits, extra: 1 })).toEqual(['extra', ...expected])
  })

  it('of an unknown member is reported for each of them, in every section', () => {
    const config = {
      ...good,
      one: 1,
      two: 2,
      authenticate: { secrets: ['hook-secret-0123456789'], three: 3, four: 4 },
      limits: { five: 5, six: 6, deadlineMs: 0 },
      clients: { '0oaApiA': { seven: 7, eight: 8 } },
    }
    expect(pathsOf(config)).toEqual([
      'authenticate.three',
      'authenticate.four',
      'clients.0oaApiA.seven',
      'clients.0oaApiA.eight',
      'limits.deadlineMs',
      'limits.five',
      'limits.six',
      'one',
      'two',
    ])
  })

  it('of a policy is reported with those of the rest, and so are names for claims beside other faults of theirs', () => {
    const config = {
      ...good,
      policy: {
        decide: () => ({ decision: 'permit' }),
        faults: [{ path: 'a.cedar:3', problem: 'is wrong' }],
      },
      claims: { rename: { department: 'sub' }, maxBytes: 1 },
      limits: { deadlineMs: 1 },
    }
    expect(pathsOf(config)).toEqual([
      'claims.maxBytes',
      "claims.rename['department']",
      'limits.deadlineMs',
      'a.cedar:3',
    ])
  })

  it('stands in the message, without a value', () => {
    const config = {
      ...good,
      authenticate: { secrets: ['marked\u0000'] },
      issuers: [{ issuer: 'ftp://marked', audiences: ['marked '] }],
      limits: { deadlineMs: 'marked' },
    }
    try {
      Reflect.apply(createHook, undefined, [config])
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError)
      expect(String(error)).toContain('  authenticate.secrets[0]: must be visible ASCII')
      expect(`${String(error)}${JSON.stringify(error)}`).not.toContain('marked')
    }
  })

  it('comes with the others, although it is only about how parts fit each other', () => {
    const config = {
      authenticate: { secrets: ['arn:aws:ssm:eu-central-1:123456789012:parameter/hook'] },
      issuers: [{ issuer: 'https://example.okta.com/oauth2/default', audiences: ['api://a'] }],
      clients: 'any',
      claims: { rename: { department: 'sub' } },
      unknown: 1,
    }
    let faults: readonly { path: string }[] = []
    try {
      Reflect.apply(createHook, undefined, [config])
    } catch (error) {
      if (error instanceof ConfigError) faults = error.faults
    }
    expect(faults.map(({ path }) => path).toSorted()).toEqual([
      'authenticate.secrets[0]',
      "claims.rename['department']",
      'unknown',
    ])
  })
})
