import { createSandbox, type Sandbox, type SandboxOptions } from '@behalf/sandbox'
import { signIn } from '@behalf/sandbox/testing'
import { decodeJwt, type JWTPayload } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { basic, requestMachineToken } from './machine-token.ts'
import { callManagement } from './management-call.ts'
import { createQuickSandbox } from './quick-sandbox.ts'

const group = '00gSales000000000001'

/** Expressions of Okta's documents and of claims that people publish, and what they come to for Ann. */
const evaluated: readonly (readonly [expression: string, value: unknown])[] = [
  ['"a text"', 'a text'],
  ["'it''s'", "it's"],
  ['true', true],
  ['user.firstName', 'Ann'],
  ['user.login', 'ann@example.com'],
  ['user.email', 'ann@example.com'],
  ['user.getInternalProperty("id")', '00uAnn00000000000001'],
  ['user.address.locality', 'Bonn'],
  ['(appuser != null) ? appuser.userName : app.clientId', 'ann@example.com'],
  ['(appuser != null) ? appuser.favoriteColor : "None"', undefined],
  ['app.profile.tier', undefined],
  ['app.clientId', '0oaSpa'],
  ['session.amr', ['pwd', 'otp']],
  ['user.firstName + " " + user.lastName', 'Ann Lee'],
  ['user.firstName + user.middleName', undefined],
  ['String.substringAfter(user.email, "@") == "example.com"', true],
  ['String.substringBefore(user.email, "@")', 'ann'],
  ['String.toUpperCase(String.substring(user.firstName, 0, 1)) + user.lastName', 'ALee'],
  ['String.substring(user.firstName, 0, 99)', undefined],
  ['String.append(user.firstName, "!")', 'Ann!'],
  ['String.join(",", "This", "is", "a", "test")', 'This,is,a,test'],
  ['String.len(user.department) - 1', 4],
  ['String.removeSpaces("a b c")', 'abc'],
  ['String.replace("a.b.c", ".", "$&")', 'a$&b$&c'],
  ['String.replaceFirst("a.b.c", ".", "$&")', 'a$&b.c'],
  ['String.startsWith(user.department, "sa") AND String.stringContains(user.department, "le")', true],
  ['String.stringSwitch("First match wins", "default", "absent", "v1", "wins", "v2", "match", "v3")', 'v2'],
  ['String.stringSwitch("This is a test", "default", "key1", "value1")', 'default'],
  ['Groups.startsWith("OKTA", "Sa", 10)', ['Sales', 'Sales EU']],
  ['Groups.endsWith("OKTA", "EU", 1)', ['Sales EU']],
  ['Groups.contains("active_directory", "Sales", 10)', undefined],
  ['Groups.startsWith("OKTA", "Sa", 0)', undefined],
  [`getFilteredGroups({"${group}", "00gOther"}, "group.name", 40)`, ['Sales']],
  [`isMemberOfGroup("${group}")`, true],
  [`isMemberOfAnyGroup("00gOther", "${group}")`, true],
  ['isMemberOfGroupName("Admins") ? "admin" : "user"', 'user'],
  ['!isMemberOfGroupNameStartsWith("Sales") || isMemberOfGroupNameContains("EU")', true],
  ['Arrays.contains(session.amr, "otp") ? 2 : 1', 2],
  [
    'Arrays.flatten(Groups.startsWith("OKTA", "Every", 9), Groups.endsWith("OKTA", "EU", 9))',
    ['Everyone', 'Sales EU'],
  ],
  ['Arrays.isEmpty(Arrays.toCsvString(Groups.startsWith("OKTA", "None", 9))) ? {} : "some"', undefined],
  ['Arrays.size(Arrays.add({1, 2}, 3))', 3],
  ['Arrays.get(Arrays.remove({"a", "b"}, "a"), 0)', 'b'],
  ['Convert.toInt("1234") >= 1234', true],
  ['Convert.toNum("2.5")', 2.5],
  ['user.department == "sales" && (1 < 2) ? "yes" : "no"', 'yes'],
]

const options: SandboxOptions = {
  users: [
    {
      id: '00uAnn00000000000001',
      login: 'ann@example.com',
      given_name: 'Ann',
      family_name: 'Lee',
      department: 'sales',
      address: { locality: 'Bonn' },
      groups: ['Sales', 'Sales EU'],
      amr: ['pwd', 'otp'],
    },
  ],
  groups: [{ id: group, name: 'Sales' }],
  apps: [
    { clientId: '0oaSpa', type: 'spa', redirectUris: ['http://127.0.0.1:3000/callback'] },
    {
      clientId: '0oaWeb',
      type: 'web',
      auth: { method: 'client_secret_basic', clientSecret: 'a-secret-of-an-app' },
      redirectUris: ['http://127.0.0.1:3000/callback'],
    },
    {
      clientId: '0oaApiA0000000000001',
      type: 'service',
      auth: { method: 'client_secret_basic', clientSecret: 'api-a-secret-for-the-sandbox-only' },
    },
  ],
  authorizationServers: [
    {
      id: 'default',
      scopes: ['orders:read'],
      claims: evaluated.map(([expression], index) => ({ name: `claim${index}`, expression })),
    },
  ],
}

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await createQuickSandbox(options)
})
afterAll(() => sandbox.close())

describe('an expression', () => {
  let claims: JWTPayload
  beforeAll(async () => {
    claims = decodeJwt(await sandbox.userToken({ login: 'ann@example.com' }))
  })

  test.each(evaluated)('%s', (expression, value) => {
    expect(claims[`claim${evaluated.findIndex(([known]) => known === expression)}`]).toEqual(value)
  })

  test('knows no person when a machine asks', async () => {
    const { claims: machine } = await requestMachineToken(sandbox)
    const named = (expression: string) =>
      machine[`claim${evaluated.findIndex(([known]) => known === expression)}`]
    expect(named('(appuser != null) ? appuser.userName : app.clientId')).toBe('0oaApiA0000000000001')
    expect(named('user.firstName')).toBeUndefined()
    expect(named('Groups.startsWith("OKTA", "Sa", 10)')).toBeUndefined()
  })
})

describe('a lone word', () => {
  const claims = (expression: string) => [{ name: 'word', expression }]

  test('is taken from the management API, as at Okta, and comes to nothing', async () => {
    const path = '/authorizationServers/default/claims'
    const claim = { name: 'word', claimType: 'RESOURCE', valueType: 'EXPRESSION', value: 'cool' }
    const { status, body } = await callManagement(sandbox, 'POST', path, claim)
    expect([status, body.value]).toEqual([201, 'cool'])
    expect(decodeJwt(await sandbox.userToken({ login: 'ann@example.com' }))).not.toHaveProperty('word')
    const state = sandbox.exportState()
    await using again = await createQuickSandbox({ state })
    expect(again.exportState()).toEqual(state)
    await callManagement(sandbox, 'DELETE', `${path}/${body.id}`)
  })

  test.each(['department', 'user'])('is refused in options, where it is a slip: %s', async (word) => {
    await expect(
      createSandbox({ authorizationServers: [{ id: 'a', claims: claims(word) }] }),
    ).rejects.toThrow(
      `expression: the expression is the word '${word}', which has no value; an attribute is user.department`,
    )
  })

  test('is refused within an expression', async () => {
    const within = claims('String.toUpperCase(department)')
    await expect(createSandbox({ authorizationServers: [{ id: 'a', claims: within }] })).rejects.toThrow(
      "names 'department': the sandbox evaluates user, appuser, app, session",
    )
  })
})

describe('what the sandbox does not evaluate is refused', () => {
  test.each([
    ['user.firstName +', "has 'the end' at character 17, where a value is expected"],
    ['user.firstName)', "has ')' at character 15, where the end is expected"],
    ['user. + 1', 'has no name at character 6'],
    ['user.address[0]', 'cannot be read from character 13 on'],
    ['"open', 'cannot be read from character 1 on'],
    ['', "has 'the end' at character 1, where a value is expected"],
    ['org.name', "names 'org.name': the sandbox evaluates user, appuser, app, session"],
    ['Time.now()', "calls 'Time.now', which the sandbox does not have"],
    ['user.email.toUpperCase()', "calls 'user.email.toUpperCase', which the sandbox does not have"],
    ['constructor("x")', "calls 'constructor', which the sandbox does not have"],
    ['String.len()', "gives 'String.len' 0 values, which takes 1"],
    [`${'('.repeat(60)}1${')'.repeat(60)}`, 'is nested more than 50 deep'],
    [`${'!'.repeat(60)}true`, 'is nested more than 50 deep'],
    [`"${'x'.repeat(2_000)}"`, 'is longer than 2000 characters'],
  ])('%s', async (expression, fault) => {
    const claim = { name: 'c', claimType: 'RESOURCE', valueType: 'EXPRESSION', value: expression }
    const { status, body } = await callManagement(
      sandbox,
      'POST',
      '/authorizationServers/default/claims',
      claim,
    )
    expect([status, body.errorCode]).toEqual([400, 'E0000001'])
    expect(body.errorCauses).toEqual([{ errorSummary: `value: The expression ${fault}` }])
  })

  test('in options and states, too', async () => {
    const claims = [{ name: 'c', expression: 'Time.now()' }]
    const refused = createSandbox({ authorizationServers: [{ id: 'a', claims, accessTokenClaims: ['a-b'] }] })
    await expect(refused).rejects.toThrow(
      /claims\[0\]\.expression: the expression calls 'Time.now', which the sandbox does not have/,
    )
    await expect(refused).rejects.toThrow(/accessTokenClaims\[0\]: expected an attribute's name/)
    const state = structuredClone(sandbox.exportState())
    const changed = JSON.parse(JSON.stringify(state).replace('Convert.toNum(', 'Time.from('))
    await expect(createSandbox({ state: changed })).rejects.toThrow(/calls 'Time.from'/)
  })

  test.each([
    ['a replacement between all characters', 'String.replace(user.bio, "", user.bio)'],
    ['a sum', 'user.bio + user.bio'],
    ['a join', 'String.join(user.bio, "a", "b", "c")'],
    ['a list of them', `{${Array(20).fill('String.replace(user.bio, "", user.bio)').join()}}`],
  ])('a text does not grow in one step: %s', async (_, expression) => {
    await using grower = await createQuickSandbox({
      ...options,
      users: [{ login: 'ann@example.com', bio: 'x'.repeat(9_000) }],
      authorizationServers: [{ id: 'default', scopes: ['a'], claims: [{ name: 'grown', expression }] }],
    })
    expect(decodeJwt(await grower.userToken({ login: 'ann@example.com' }))).not.toHaveProperty('grown')
  })

  test('a text does not grow without end', async () => {
    const grown = Array.from({ length: 30 }).reduce<string>(
      (inner) => `String.replace(${inner}, "a", "aaaa")`,
      '"a"',
    )
    await using grower = await createQuickSandbox({
      ...options,
      authorizationServers: [
        { id: 'default', scopes: ['a'], claims: [{ name: 'grown', expression: grown }] },
      ],
    })
    expect(decodeJwt(await grower.userToken({ login: 'ann@example.com' }))).not.toHaveProperty('grown')
  })
})

test('a claim of ID tokens is told by userinfo, and by the ID token itself when it is always included', async () => {
  const claim = { claimType: 'IDENTITY', valueType: 'EXPRESSION', value: 'user.department' }
  const path = '/authorizationServers/default/claims'
  await callManagement(sandbox, 'POST', path, { ...claim, name: 'always' })
  await callManagement(sandbox, 'POST', path, { ...claim, name: 'asked', alwaysIncludeInToken: false })
  const redirectUri = 'http://127.0.0.1:3000/callback'
  const request = { client_id: '0oaWeb', response_type: 'code', scope: 'openid', redirect_uri: redirectUri }
  const issuer = `${sandbox.url}/oauth2/default`
  const callback = await signIn({
    authorizationUrl: `${issuer}/v1/authorize?${new URLSearchParams(request)}&state=s`,
    login: 'ann@example.com',
  })
  const code = callback.searchParams.get('code') ?? ''
  const answer = await fetch(`${issuer}/v1/token`, {
    method: 'POST',
    headers: basic('0oaWeb', 'a-secret-of-an-app'),
    body: new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: redirectUri }),
  })
  const tokens = Object(await answer.json())
  const identity = decodeJwt(tokens.id_token)
  expect(identity).toMatchObject({ always: 'sales' })
  expect(identity).not.toHaveProperty('asked')
  const userinfo = await fetch(`${issuer}/v1/userinfo`, {
    headers: { authorization: `Bearer ${tokens.access_token}` },
  })
  expect(await userinfo.json()).toMatchObject({ always: 'sales', asked: 'sales' })
})
