import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { applyCommands } from '../src/inline-hook/patch.ts'
import type { TokenDrafts } from '../src/inline-hook/token-draft.ts'
import type { Json, JsonObject } from '../src/org/json.ts'

const claims: JsonObject = {
  ver: 1,
  cid: 'client',
  sub: 'client',
  aud: 'api://default',
  list: ['a', 'b'],
  deep: { member: { 'a/b': 1, 'm~n': 2 } },
}

const access = { claims, lifetimeSeconds: 3600 }
const identity = { claims: { sub: 'user', name: 'Alice' }, lifetimeSeconds: 3600 }

const patch = (operations: Json[], tokens: TokenDrafts = { access }, type = 'com.okta.access.patch') =>
  applyCommands([{ type, value: operations }], tokens)

const claimsAfter = (...operations: Json[]): JsonObject | string => {
  const outcome = patch(operations)
  return outcome.applied ? outcome.tokens.access.claims : outcome.reason
}

describe('operations', () => {
  test.each<[op: string, path: string, value: Json | undefined, expected: JsonObject]>([
    ['add', '/claims/new', 'x', { ...claims, new: 'x' }],
    ['add', '/claims/sub', 'x', { ...claims, sub: 'x' }],
    ['add', '/claims/list/0', 'x', { ...claims, list: ['x', 'a', 'b'] }],
    ['add', '/claims/list/2', 'x', { ...claims, list: ['a', 'b', 'x'] }],
    ['add', '/claims/list/-', 'x', { ...claims, list: ['a', 'b', 'x'] }],
    [
      'add',
      '/claims/deep/other',
      { x: [1] },
      { ...claims, deep: { ...Object(claims['deep']), other: { x: [1] } } },
    ],
    ['add', '/claims/a~1b~0c', 1, { ...claims, 'a/b~c': 1 }],
    ['add', '/claims/~01', 1, { ...claims, '~1': 1 }],
    ['add', '/claims/flag', false, { ...claims, flag: false }],
    ['replace', '/claims/aud', ['a', 'b'], { ...claims, aud: ['a', 'b'] }],
    ['replace', '/claims/list/1', 'x', { ...claims, list: ['a', 'x'] }],
    ['replace', '/claims/deep/member/a~1b', 9, { ...claims, deep: { member: { 'a/b': 9, 'm~n': 2 } } }],
    ['remove', '/claims/list/0', undefined, { ...claims, list: ['b'] }],
    ['remove', '/claims/deep/member/m~0n', null, { ...claims, deep: { member: { 'a/b': 1 } } }],
  ])('%s %s', (op, path, value, expected) => {
    const operation = value === undefined ? { op, path } : { op, path, value }
    expect(claimsAfter(operation)).toEqual(expected)
  })

  test.each<[op: string, path: string, value: Json | undefined, reason: RegExp]>([
    ['replace', '/claims/none', 1, /Path not found/],
    ['replace', '/claims/list/2', 1, /Path not found/],
    ['replace', '/claims/list/-', 1, /Path not found/],
    ['replace', '/claims/list/01', 1, /Path not found/],
    ['replace', '/claims/toString', 1, /Path not found/],
    ['replace', '/claims/list/length', 1, /Path not found/],
    ['remove', '/claims/none', undefined, /Path not found/],
    ['remove', '/claims/deep/member/none', undefined, /Path not found/],
    ['remove', '/claims/list/0', 'x', /Value is not allowed/],
    ['add', '/claims/list/3', 1, /Path not found/],
    ['add', '/claims/none/below', 1, /Path not found/],
    ['add', '/claims/sub/below', 1, /Path not found/],
    ['add', '/claims/__proto__/below', 1, /Path not found/],
    ['add', '/claims/x', null, /Value is required/],
    ['add', '/claims/x', undefined, /Value is required/],
    ['replace', '/claims/sub', undefined, /Value is required/],
    ['add', '/claims/a~2', 1, /Path is invalid/],
    ['add', '/claims/a~', 1, /Path is invalid/],
    ['add', '/claims/', 1, /Path is invalid/],
    ['add', '/claims', 1, /Path is invalid/],
    ['add', 'claims/x', 1, /Path is invalid/],
    ['add', '/scopes/x', 1, /Path is invalid/],
    ['add', '', 1, /Path is invalid/],
    ['replace', '/claims/sub', 7, /not a valid subject/],
    ['remove', '/claims/sub', undefined, /not a valid subject/],
    ['replace', '/claims/aud', { a: 1 }, /not a valid subject or audience/],
    ['test', '/claims/sub', 'client', /not supported/],
  ])('%s %s is not applicable', (op, path, value, reason) => {
    const operation = value === undefined ? { op, path } : { op, path, value }
    expect(claimsAfter(operation)).toMatch(reason)
  })

  test('replace and remove need the target in the request, not only in the answer', () => {
    const add = { op: 'add', path: '/claims/new', value: { a: 1 } }
    expect(claimsAfter(add, { op: 'replace', path: '/claims/new', value: 2 })).toMatch(/Path not found/)
    expect(claimsAfter(add, { op: 'remove', path: '/claims/new' })).toMatch(/Path not found/)
    expect(claimsAfter(add, { op: 'add', path: '/claims/new/b', value: 2 })).toMatchObject({
      new: { a: 1, b: 2 },
    })
  })
})

const reserved = [
  'acr',
  'as_uri',
  'auth_time',
  'authorization_details',
  'cid',
  'cnf',
  'exp',
  'groups',
  'iat',
  'iss',
  'jti',
  'rpt',
  'rsi',
  'scp',
  'sid',
  'token_type',
  'uid',
  'username',
  'ver',
]

test.each(reserved)('%s is reserved in access tokens, whatever the operation', (claim) => {
  for (const op of ['add', 'replace', 'remove']) {
    const operation =
      op === 'remove' ? { op, path: `/claims/${claim}` } : { op, path: `/claims/${claim}`, value: 'x' }
    expect(claimsAfter(operation)).toMatch(/reserved/)
  }
  expect(claimsAfter({ op: 'add', path: `/claims/${claim}/x`, value: 1 })).toMatch(/reserved/)
})

describe('lifetime', () => {
  const lifetime = (value: Json, op = 'replace') => patch([{ op, path: '/token/lifetime/expiration', value }])

  test.each([300, 301, 3600, 86_400])('%d is set', (value) => {
    expect(lifetime(value)).toMatchObject({ applied: true, tokens: { access: { lifetimeSeconds: value } } })
  })

  test.each<Json>([299, 0, -300, 86_401, 300.5, '300', true, {}, []])('%j is not applicable', (value) => {
    expect(lifetime(value)).toMatchObject({ applied: false })
  })

  test('it cannot be added', () => expect(lifetime(300, 'add')).toMatchObject({ applied: false }))
})

describe('commands', () => {
  test('an ID token is patched only when it is minted', () => {
    const operations: Json[] = [{ op: 'add', path: '/claims/dept', value: 'it' }]
    const type = 'com.okta.identity.patch'
    expect(patch(operations, { access }, type)).toMatchObject({ applied: false })
    expect(patch(operations, { access, identity }, type)).toMatchObject({
      applied: true,
      tokens: { access: { claims }, identity: { claims: { name: 'Alice', dept: 'it' } } },
    })
  })

  test.each<Json>([
    'x',
    7,
    null,
    {},
    { type: 'com.okta.access.patch' },
    { type: 'com.okta.access.patch', value: {} },
  ])('%j is not applicable', (command) =>
    expect(applyCommands([command], { access })).toMatchObject({ applied: false }),
  )

  test('the last fault drops everything before it', () => {
    const good = { op: 'add', path: '/claims/x', value: 1 }
    const outcome = applyCommands(
      [
        { type: 'com.okta.access.patch', value: [good] },
        { type: 'com.okta.access.patch', value: [good, { op: 'remove', path: '/claims/none' }] },
      ],
      { access },
    )
    expect(outcome).toMatchObject({ applied: false })
  })
})

const pointer = (name: string): string => `/claims/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
const jsonValue = fc.jsonValue({ maxDepth: 4 }).filter((value) => value !== null)

test('any claim of any name that is not reserved is added as it is, and nothing else changes', () => {
  const name = fc
    .oneof(fc.string({ minLength: 1 }), fc.constantFrom('__proto__', 'constructor', '/', '~', '~1', 'a/b~c'))
    .filter((candidate) => !reserved.includes(candidate) && candidate !== 'sub' && candidate !== 'aud')
  fc.assert(
    fc.property(name, jsonValue, (claim, value) => {
      const json: Json = JSON.parse(JSON.stringify(value))
      const outcome = patch([{ op: 'add', path: pointer(claim), value: json }])
      if (!outcome.applied) throw new Error(outcome.reason)
      const after = outcome.tokens.access.claims
      expect(Object.entries(after).find(([key]) => key === claim)?.[1]).toEqual(json)
      expect(Object.getPrototypeOf(after)).toBe(Object.prototype)
      for (const [key, before] of Object.entries(claims))
        if (key !== claim) expect(after[key]).toEqual(before)
    }),
  )
})

test('no input throws, changes the request, or changes anything when it is not applied', () => {
  const operation = fc.record(
    {
      op: fc.oneof(fc.constantFrom('add', 'replace', 'remove'), fc.jsonValue()),
      path: fc.oneof(
        fc.constantFrom('/claims/sub', '/claims/list/-', '/claims/deep/member', '/token/lifetime/expiration'),
        fc
          .array(fc.constantFrom('claims', 'list', '0', '-', 'deep', '__proto__', '~1'))
          .map((parts) => `/${parts.join('/')}`),
        fc.jsonValue(),
      ),
      value: fc.jsonValue(),
    },
    { requiredKeys: [] },
  )
  const before = JSON.stringify(claims)
  fc.assert(
    fc.property(fc.array(fc.oneof(operation, fc.jsonValue())), (operations) => {
      const outcome = patch(JSON.parse(JSON.stringify(operations)))
      expect(JSON.stringify(claims)).toBe(before)
      expect('tokens' in outcome).toBe(outcome.applied)
      expect(Object.prototype).not.toHaveProperty('below')
    }),
  )
})
