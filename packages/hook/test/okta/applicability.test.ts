import type { PatchOperation } from '@behalf/hook'
import { hookEvent } from '@behalf/testing'
import { describe, expect, it } from 'vitest'
import { applyCommands } from '../../../sandbox/src/inline-hook/patch.ts'
import { whyInapplicable } from '../../src/okta/applicability.ts'
import { parseTokenHookEvent } from '../../src/okta/event.ts'

const event = hookEvent({ lifetimeSeconds: 3_600, accessClaims: { tier: 'gold' } })
const commandsOf = (operation: PatchOperation) =>
  [{ type: 'com.okta.access.patch', value: [operation] }] as const

function judge(operation: PatchOperation): string | undefined {
  const parsed = parseTokenHookEvent(JSON.stringify(event))
  if (!parsed.ok) throw new Error(parsed.fault.detail)
  return whyInapplicable(commandsOf(operation), parsed.value)
}

/** What Okta would do with the same operation, by the sandbox, which was written from Okta's contract alone. */
function wouldApply(operation: PatchOperation): boolean {
  const { claims } = JSON.parse(JSON.stringify(event)).data.access
  return applyCommands(JSON.parse(JSON.stringify(commandsOf(operation))), {
    access: { claims, lifetimeSeconds: 3_600 },
  }).applied
}

const applicable: readonly PatchOperation[] = [
  { op: 'replace', path: '/claims/sub', value: 'ann@example.com' },
  { op: 'add', path: '/claims/sub', value: 'ann@example.com' },
  { op: 'add', path: '/claims/act', value: { sub: '0oaApiA' } },
  { op: 'add', path: '/claims/count', value: 7 },
  { op: 'remove', path: '/claims/tier', value: null },
  { op: 'add', path: '/claims/permissions', value: ['a', 'b'] },
  { op: 'add', path: '/claims/permissions', value: [] },
  { op: 'add', path: '/claims/plan', value: { vip: true, score: 1.5, none: null, more: [{ a: [false] }] } },
  { op: 'add', path: '/claims/app.tenant', value: 'x' },
  { op: 'add', path: '/claims/https:~1~1example.com~1tenant', value: 'x' },
  { op: 'add', path: '/claims/https:~1~1example.com~1~0user?a=b#c', value: 'x' },
  { op: 'add', path: '/claims/urn:example:tenant', value: 'x' },
  { op: 'add', path: '/claims/tenant-id', value: 'x' },
  { op: 'replace', path: '/token/lifetime/expiration', value: 300 },
  { op: 'replace', path: '/token/lifetime/expiration', value: 3_600 },
]

const reserved = [
  ...[
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
  ],
  ...['rpt', 'rsi', 'scp', 'sid', 'token_type', 'uid', 'username', 'ver'],
].map((name): PatchOperation => ({ op: 'add', path: `/claims/${name}`, value: 'x' }))

const dropped: readonly PatchOperation[] = [
  ...reserved,
  { op: 'replace', path: '/claims/act', value: {} },
  { op: 'remove', path: '/claims/act', value: null },
  { op: 'add', path: '/claims/', value: 'x' },
  { op: 'add', path: '/claims', value: 'x' },
  { op: 'add', path: 'claims/x', value: 'x' },
  { op: 'add', path: '/x/claims/y', value: 'x' },
  { op: 'remove', path: '/claims/tier', value: 'x' },
  { op: 'add', path: '', value: 'x' },
  { op: 'add', path: '/token/lifetime/expiration', value: 300 },
  { op: 'replace', path: '/token/lifetime/expiration', value: 299 },
  { op: 'replace', path: '/token/lifetime/expiration', value: 86_401 },
  { op: 'replace', path: '/token/lifetime/expiration', value: 300.5 },
  { op: 'replace', path: '/token/lifetime/expiration', value: '300' },
  { op: 'add', path: '/claims/x', value: null },
]

/** What Okta might apply, and is not relied upon. */
const doubtful: readonly PatchOperation[] = [
  { op: 'add', path: '/claims/x', value: true },
  { op: 'add', path: '/claims/x', value: 0.5 },
  { op: 'add', path: '/claims/x', value: 2 ** 53 },
  { op: 'add', path: '/claims/a~2b', value: 'x' },
  { op: 'add', path: '/claims/a~', value: 'x' },
  { op: 'add', path: '/claims/a b', value: 'x' },
  { op: 'add', path: '/claims/é', value: 'x' },
  { op: 'add', path: '/claims/-', value: 'x' },
  { op: 'add', path: '/claims/0', value: 'x' },
  { op: 'add', path: '/claims/a%20b', value: 'x' },
  { op: 'add', path: '/claims/act/sub', value: 'x' },
  { op: 'add', path: '/claims/__proto__', value: {} },
  { op: 'replace', path: '/token/lifetime/expiration', value: 3_601 },
]

describe('a patch', () => {
  it.each(applicable)('is sent: $op $path $value', (operation) => {
    expect(judge(operation)).toBeUndefined()
    expect(wouldApply(operation)).toBe(true)
  })

  it.each(dropped)('that Okta would drop is not sent: $op $path $value', (operation) => {
    expect(judge(operation)).toBeDefined()
    expect(wouldApply(operation)).toBe(false)
  })

  it.each(doubtful)(
    'that Okta does not document, or that would extend a lifetime, is not sent: $op $path',
    (operation) => {
      expect(judge(operation)).toBeDefined()
    },
  )
})
