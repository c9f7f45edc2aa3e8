import { createSandbox, defaultApiToken, parseState } from '@behalf/sandbox'
import { oneServer } from '@behalf/testing'
import { decodeProtectedHeader } from 'jose'
import { expect, test } from 'vitest'
import { requestMachineToken } from './machine-token.ts'

test('an exported org goes on elsewhere: same keys, apps, policies and log, what the API changed included', async () => {
  await using first = await createSandbox({
    ...oneServer,
    hook: { uri: 'http://127.0.0.1:9/', secret: 'the-secret' },
    hookKeys: [{ id: 'HKY1' }],
  })
  const headers = { authorization: `SSWS ${defaultApiToken}`, 'content-type': 'application/json' }
  await fetch(`${first.url}/api/v1/authorizationServers/default/scopes`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ name: 'orders:delete' }),
  })
  await first.announceKey()
  await first.rotateKeys()
  const form = { scope: 'orders:delete' }
  const before = await requestMachineToken(first, { form })

  const state = parseState(JSON.stringify(first.exportState()))
  await using second = await createSandbox({ ...oneServer, state, authorizationServers: [] })
  const after = await requestMachineToken(second, { form })
  expect(after.claims['scp']).toEqual(['orders:delete'])
  expect(after.claims.iss).toBe(`${second.url}/oauth2/default`)
  const kid = (body: Record<string, unknown>) => decodeProtectedHeader(String(body['access_token'])).kid
  expect(kid(after.body)).toBe(kid(before.body))
  expect(second.apps).toEqual(first.apps)
  expect(second.users).toEqual(first.users)
  // The hook came along, cannot be reached there either, and that is logged after what was logged before.
  expect(second.systemLog.events('inline_hook.executed')).toHaveLength(2)
  const keys = await fetch(`${second.url}/api/v1/hook-keys/HKY1`, { headers })
  expect(keys.status).toBe(200)

  const copy = second.exportState()
  second.withdrawKeys()
  expect(second.exportState().authorizationServers[0]?.keys.expired).toEqual([])
  expect(copy.authorizationServers[0]?.keys.expired).toHaveLength(1)
})

test.each(['', '7', '{"version":1}', '{"version":2,"authorizationServers":[]}'])('%j is no state', (json) => {
  expect(() => parseState(json)).toThrow(/not an exported state/)
})
